import type { Worker } from 'node:worker_threads'

/** CPU time that a thread of this process has used so far, microseconds. Rejects when the thread has ended. */
export async function threadCpuTime(thread: Worker): Promise<number> {
  const { user, system } = await thread.cpuUsage()
  return user + system
}
