import type { App, BrowserWindow } from 'electron'
import { reportProblem } from './report-problem.ts'

/** Tokens that have not ended. */
export interface UnfinishedWork {
  readonly executing: number
  readonly waiting: number
}

export interface QuitQuestion {
  readonly work: UnfinishedWork
  /** True when a drain has begun and somebody asks to quit once more. */
  readonly draining: boolean
}

/** drain: finish what is accepted, then quit. stop: kill it and quit. cancel: do not quit. */
export type QuitAnswer = 'drain' | 'stop' | 'cancel'

export interface QuitDependencies {
  readonly app: Pick<App, 'on' | 'off' | 'exit'>
  readonly process: Pick<NodeJS.Process, 'on' | 'off'>
  readonly platform: NodeJS.Platform
  /** May be slow or fail; then nothing is known to be left. */
  readonly unfinishedWork: () => Promise<UnfinishedWork>
  readonly ask: (question: QuitQuestion) => Promise<QuitAnswer>
  /** Ends the scheduler. A second call with abort cuts a drain short; both resolve when it has ended. */
  readonly stop: (mode: 'drain' | 'abort') => Promise<void>
  /** Closes everything else: windows, server, files. */
  readonly release: () => Promise<void>
}

type QuitState = 'running' | 'asking' | 'draining' | 'asking again' | 'stopping' | 'ended'

/** A request to quit is answered in `running` and `draining`; elsewhere it is already being answered. */
const nextStates: Readonly<Record<QuitState, readonly QuitState[]>> = {
  running: ['asking', 'stopping'],
  asking: ['running', 'draining', 'stopping'],
  draining: ['asking again', 'stopping', 'ended'],
  'asking again': ['draining', 'stopping', 'ended'],
  stopping: ['ended'],
  ended: [],
}

/**
 * The only way out of the application. However somebody asks to quit, work that is left is shown first, and the process
 * ends only after the control thread and its workers have.
 */
export class Quit implements Disposable {
  readonly #dependencies: QuitDependencies
  readonly #subscriptions = new DisposableStack()
  #state: QuitState = 'running'

  constructor(dependencies: QuitDependencies) {
    this.#dependencies = dependencies
    const { app, process } = dependencies
    const holdBack = (event: { preventDefault(): void }) => this.#holdBack(event)
    app.on('before-quit', holdBack)
    this.#subscriptions.defer(() => void app.off('before-quit', holdBack))
    // Nobody sits before a terminal's signal to answer a question.
    const stopNow = () => void this.stopNow()
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, stopNow)
      this.#subscriptions.defer(() => void process.off(signal, stopNow))
    }
  }

  /** Except on macOS the application ends with its window, so closing that asks the same question. */
  watchWindow(window: Pick<BrowserWindow, 'on'>): void {
    if (this.#dependencies.platform !== 'darwin') window.on('close', (event) => this.#holdBack(event))
  }

  /** Quits, after asking when tokens are left. Resolves when the answer has been carried out. */
  async request(): Promise<void> {
    if (this.#state === 'running') await this.#requestWhileRunning()
    else if (this.#state === 'draining') await this.#requestWhileDraining()
  }

  /** Quits without a question, killing what is left. */
  async stopNow(): Promise<void> {
    if (nextStates[this.#state].includes('stopping')) await this.#carryOut('stop')
  }

  [Symbol.dispose](): void {
    this.#subscriptions.dispose()
  }

  #holdBack(event: { preventDefault(): void }): void {
    if (this.#state === 'ended') return
    event.preventDefault()
    void this.request()
  }

  async #requestWhileRunning(): Promise<void> {
    this.#enter('asking')
    const work = await this.#work()
    const idle = work.executing + work.waiting === 0
    await this.#carryOut(idle ? 'stop' : await this.#ask({ work, draining: false }))
  }

  async #requestWhileDraining(): Promise<void> {
    this.#enter('asking again')
    const answer = await this.#ask({ work: await this.#work(), draining: true })
    // The drain may have ended while the question was open.
    if (this.#state === 'asking again') await this.#carryOut(answer === 'stop' ? 'stop' : 'drain')
  }

  async #work(): Promise<UnfinishedWork> {
    try {
      return await this.#dependencies.unfinishedWork()
    } catch (error) {
      reportProblem('cannot count unfinished tokens', error)
      return { executing: 0, waiting: 0 }
    }
  }

  async #ask(question: QuitQuestion): Promise<QuitAnswer> {
    try {
      return await this.#dependencies.ask(question)
    } catch (error) {
      reportProblem('cannot ask before quitting', error)
      return 'cancel'
    }
  }

  async #carryOut(answer: QuitAnswer): Promise<void> {
    if (this.#state === 'stopping' || this.#state === 'ended') return
    if (answer === 'cancel') this.#enter('running')
    else if (answer === 'drain' && this.#state === 'asking again') this.#enter('draining')
    else {
      this.#enter(answer === 'drain' ? 'draining' : 'stopping')
      await this.#end(answer === 'drain' ? 'drain' : 'abort')
    }
  }

  async #end(mode: 'drain' | 'abort'): Promise<void> {
    const { app, stop, release } = this.#dependencies
    await stop(mode).catch((error: unknown) => reportProblem('the scheduler did not stop cleanly', error))
    // A drain that was cut short comes here twice.
    if (this.#state === 'ended') return
    this.#enter('ended')
    await release().catch((error: unknown) => reportProblem('cannot close everything', error))
    // Not app.quit(): every question has been asked, and nothing is left that could hold it back.
    app.exit(0)
  }

  #enter(state: QuitState): void {
    if (!nextStates[this.#state].includes(state)) throw new Error(`cannot go from ${this.#state} to ${state}`)
    this.#state = state
  }
}
