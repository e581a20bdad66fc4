import { readdirSync, readFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { isMainThread, Worker } from 'node:worker_threads'
import { loadAffinity } from './affinity.ts'
import { warmUpThreadPool } from './thread-pool.ts'

// A program of its own, because a process has one pool and any test runner has long started it. Its argument is `warm` or `cold`.
// A bound worker makes an asynchronous file call; then the program prints how many threads have the mask of that worker's CPU.
if (isMainThread) {
  if (process.argv[2] === 'warm') await warmUpThreadPool()
  new Worker(new URL(import.meta.url))
} else {
  const cpu = loadAffinity().readMask()?.[0] ?? -1
  const { problem } = loadAffinity().bind(cpu)
  await stat(process.execPath)
  const masks = readdirSync('/proc/self/task').map((thread) => {
    const status = readFileSync(`/proc/self/task/${thread}/status`, 'utf8')
    return /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1]
  })
  const bound = masks.filter((mask) => mask === String(cpu)).length
  process.stdout.write(JSON.stringify({ problem, bound, pool: Number(process.env.UV_THREADPOOL_SIZE) }))
}
