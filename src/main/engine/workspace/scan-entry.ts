import { workerData } from 'node:worker_threads'
import { toErrorData } from '../../../shared/errors.ts'
import { describeLoadError } from './load-error.ts'
import { installModuleHooks } from './module-hooks.ts'
import { readDeclarations, refuseCallsWhileLoading } from './read-declarations.ts'
import type { ScanData, ScanMessage } from './scan-message.ts'

/** Entry of the throw-away thread that loads one operations module and tells what it declares. */
const data = workerData as ScanData
const hooks = installModuleHooks({ sdkEntry: new URL(data.sdkEntry), codeCache: data.codeCache })
refuseCallsWhileLoading()
process.once('beforeExit', () => answer(neverLoaded()))
// Not awaited at the top level: Node would print a warning of its own when the module never finishes.
void scan().then(answer)

async function scan(): Promise<ScanMessage> {
  try {
    const operations = await readDeclarations(data.moduleUrl)
    return { state: 'loaded', operations, files: [...hooks.files] }
  } catch (error) {
    return { state: 'failed', error: toErrorData(describeLoadError(error, hooks.files, data.root), 'module-failed') }
  }
}

/** Only the first answer counts. */
function answer(message: ScanMessage): void {
  data.port.postMessage(message)
}

/** Nothing is left to do in this thread, and the module is still loading. */
function neverLoaded(): ScanMessage {
  const message = 'the module never finishes loading: a top-level await waits for something that cannot happen'
  return { state: 'failed', error: { kind: 'module-failed', message } }
}
