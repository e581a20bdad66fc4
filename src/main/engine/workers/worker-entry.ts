import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { assertDefined } from '../../../shared/assert.ts'
import { loadAffinity } from '../cpu/index.ts'
import { installModuleHooks } from '../workspace/module-hooks.ts'
import { NativeLoading } from './native-loading.ts'
import { MonotonicClock } from './worker-clock.ts'
import { WorkerLoop } from './worker-loop.ts'
import type { BareThreadData, FromWorker, WorkerData } from './worker-protocol.ts'

/** Entry of one pinned worker: load what every place needs, then wait for the place. */
const { sdkEntry, codeCache, loading } = workerData as BareThreadData
const natives = new NativeLoading(loading)
natives.guardModules()
const affinity = natives.during(() => loadAffinity())
installModuleHooks({ sdkEntry: new URL(sdkEntry), codeCache })
const place: WorkerData[] = await once(assertDefined(parentPort, 'a worker has a parent'), 'message')
const data = assertDefined(place[0], 'the first message tells the place')
// Before anything else, so that what the operations create later is created on this CPU.
const binding = natives.during(() => affinity.bind(data.cpu))
// The control thread, which all workers wait for, is not interrupted in the middle of handing out tokens by the first one it wakes.
affinity.waitForTurn()
const loop = new WorkerLoop(data, new MonotonicClock(data.epoch, data.epochWall))
const ready: FromWorker = { type: 'ready', binding }
data.port.postMessage(ready)
await loop.run()
