import type { Profiler } from 'node:inspector'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export type CpuProfile = Profiler.Profile

export interface SelfTime {
  readonly functionName: string
  /** File and line, or empty for what V8 itself does. */
  readonly place: string
  /** Of all time, idle time included; 0..1. */
  readonly share: number
}

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Time in each function without its callees, largest first. Sampled: by time between samples, not by their number. */
export function selfTimes({ nodes, samples = [], timeDeltas = [] }: CpuProfile): SelfTime[] {
  const placeOf = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const times = new Map<string, { functionName: string; place: string; time: number }>()
  let total = 0
  for (const [index, id] of samples.entries()) {
    const frame = placeOf.get(id)
    const time = timeDeltas[index + 1] ?? 0
    if (frame === undefined) continue
    const functionName = frame.functionName || '(anonymous)'
    const place = frame.url === '' ? '' : `${shortUrl(frame.url)}:${frame.lineNumber + 1}`
    const key = `${functionName} ${place}`
    const entry = times.get(key) ?? { functionName, place, time: 0 }
    entry.time += time
    times.set(key, entry)
    total += time
  }
  return [...times.values()]
    .sort((a, b) => b.time - a.time)
    .map(({ functionName, place, time }) => ({ functionName, place, share: time / total }))
}

function shortUrl(url: string): string {
  return url.startsWith('file:') ? relative(root, fileURLToPath(url)) : url
}
