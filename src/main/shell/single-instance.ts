import type { App } from 'electron'
import { type LaunchRequest, launchRequest } from './launch-request.ts'
import { reportProblem } from './report-problem.ts'

/**
 * True when this is the only instance for its user and data folder. Otherwise the first one gets `request` and this one
 * should exit.
 */
export function claimSingleInstance(app: Pick<App, 'requestSingleInstanceLock'>, request: LaunchRequest): boolean {
  return app.requestSingleInstanceLock(request)
}

/** `answer` gets the request of every later instance. */
export function setupSecondInstance(
  app: Pick<App, 'on' | 'off'>,
  answer: (request: LaunchRequest) => void,
): Disposable {
  // The request, not the argv that also comes: Chromium reorders that and adds switches of its own.
  const receive = (_event: unknown, _argv: string[], _workingDirectory: string, data: unknown) => {
    const request = launchRequest.safeParse(data)
    if (!request.success) reportProblem('ignoring what a second instance sent', request.error)
    answer(
      request.success ? request.data : { workspace: null, trust: false, readOnly: false, journal: null, link: null },
    )
  }
  app.on('second-instance', receive)
  return { [Symbol.dispose]: () => void app.off('second-instance', receive) }
}
