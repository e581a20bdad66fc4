/**
 * One more than the largest CPU number this folder deals with: the largest NR_CPUS a Linux kernel can be configured for
 * on x86 (MAXSMP). It sizes every affinity mask and refuses absurd ranges in a list.
 */
export const maxCpus = 8192

const rangePattern = /^(\d+)(?:-(\d+))?$/

/**
 * Reads the kernel's list form, `0-3,8,10-11` (cpuset(7), "List format").
 * Returns ascending CPU numbers without repetition, an empty array for an empty list, and null for anything else.
 */
export function parseCpuList(text: string): number[] | null {
  const trimmed = text.trim()
  if (trimmed === '') return []
  const cpus = new Set<number>()
  for (const part of trimmed.split(',')) {
    const match = rangePattern.exec(part)
    if (match === null) return null
    const first = Number(match[1])
    const last = Number(match[2] ?? match[1])
    if (last < first || last >= maxCpus) return null
    for (let cpu = first; cpu <= last; cpu++) cpus.add(cpu)
  }
  return ascending(cpus)
}

/** The list form of some CPU numbers, in any order and with repetitions: `[3, 0, 1]` is `0-1,3`. */
export function formatCpuList(cpus: Iterable<number>): string {
  const parts: string[] = []
  let first: number | null = null
  let last: number | null = null
  for (const cpu of [...ascending(new Set(cpus)), null]) {
    if (first !== null && last !== null && cpu !== last + 1)
      parts.push(first === last ? `${first}` : `${first}-${last}`)
    if (last === null || cpu !== last + 1) first = cpu
    last = cpu
  }
  return parts.join(',')
}

/** The same for a sentence: `CPU 3`, `CPUs 0-1,3`. */
export function nameCpus(cpus: readonly number[]): string {
  return `${cpus.length === 1 ? 'CPU' : 'CPUs'} ${formatCpuList(cpus)}`
}

/** CPU numbers in ascending order. */
export function ascending(cpus: Iterable<number>): number[] {
  return [...cpus].sort((a, b) => a - b)
}
