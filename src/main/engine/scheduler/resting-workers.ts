import type { CoreState } from './core-state.ts'

/** Which workers of these cores would take tokens, were their threads not dying while they start; null when none. One sentence without its full stop. */
export function whoRests(cores: readonly CoreState[]): string | null {
  const resting = cores.flatMap(({ workers, pattern }) => workers.slice(0, pattern).filter((worker) => worker.resting))
  const [first] = resting
  if (first === undefined) return null
  const others = resting.length - 1
  const who = `worker ${first.slot} of core ${first.core}${others === 0 ? '' : ` and ${others} more`}`
  return `${who} rest${others === 0 ? 's' : ''} a moment, because threads died again and again while they started`
}
