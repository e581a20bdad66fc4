import { parentPort, workerData } from 'node:worker_threads'
import { assertDefined } from '../../../shared/assert.ts'
import { runtimeKey } from '../../../shared/model/runtime.ts'
import { DirectRuntime } from './direct-runtime.fixture.ts'
import { importOperations } from './import-operations.ts'
import type { Call, ThreadRequest } from './in-thread.fixture.ts'
import { installModuleHooks } from './module-hooks.ts'

/** Entry of a thread that imports operation modules as a worker does and runs a few calls. */
const { sdkEntry, moduleUrls, calls, killed, withoutTypeStripping } = workerData as ThreadRequest & { sdkEntry: string }
const port = assertDefined(parentPort, 'this file is only run as a worker')
if (withoutTypeStripping === true) Object.defineProperty(process.features, 'typescript', { value: false })
installModuleHooks({ sdkEntry: new URL(sdkEntry) })
const runtime = new DirectRuntime()
for (const operationType of killed ?? []) runtime.killed.add(operationType)
Object.defineProperty(globalThis, runtimeKey, { value: runtime })
const exported = []
for (const moduleUrl of moduleUrls) exported.push(await importOperations(moduleUrl))
const results = await Promise.allSettled(calls.map(run))
port.postMessage({ exported, results, submitted: runtime.submitted, lines: runtime.lines, progress: runtime.progress })

function run({ operationType, arguments: values = [] }: Call): Promise<unknown> {
  return runtime.submit({ operationType, arguments: values }).outcome
}
