import { workerData } from 'node:worker_threads'
import { loadAffinity } from '../cpu/index.ts'
import { installModuleHooks } from '../workspace/module-hooks.ts'
import { MonotonicClock } from './worker-clock.ts'
import { WorkerLoop } from './worker-loop.ts'
import type { FromWorker, WorkerData } from './worker-protocol.ts'

/** Entry of one pinned worker: bind first, so that everything the operations create later is created on this CPU. */
const data = workerData as WorkerData
const binding = loadAffinity().bind(data.cpu)
installModuleHooks({ sdkEntry: new URL(data.sdkEntry) })
const loop = new WorkerLoop(data, new MonotonicClock(data.epoch, data.epochWall))
const ready: FromWorker = { type: 'ready', binding }
data.port.postMessage(ready)
await loop.run()
