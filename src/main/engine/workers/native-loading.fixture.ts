import { workerData } from 'node:worker_threads'
import { NativeLoading } from './native-loading.ts'

/** A thread that loads something until it is let go on. */
const { loading, steps } = workerData as { readonly loading: SharedArrayBuffer; readonly steps: Int32Array }
new NativeLoading(loading).during(() => {
  Atomics.store(steps, 0, 1)
  Atomics.notify(steps, 0)
  Atomics.wait(steps, 1, 0)
  Atomics.store(steps, 2, 1)
})
setInterval(() => undefined, 1e6)
