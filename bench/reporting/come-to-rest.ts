import { setTimeout as sleep } from 'node:timers/promises'

const lookEveryMs = 20
const restingShare = 0.05
const longestMs = 5000

/** Waits until this process does next to nothing: threads that were being started have loaded their modules by then. */
export async function comeToRest(): Promise<void> {
  const until = performance.now() + longestMs
  for (let used = 1; used > restingShare && performance.now() < until; ) {
    const from = performance.now()
    const before = process.cpuUsage()
    await sleep(lookEveryMs)
    const { user, system } = process.cpuUsage(before)
    used = (user + system) / 1000 / (performance.now() - from)
  }
}
