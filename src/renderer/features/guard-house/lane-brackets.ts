import type { PackageGroup } from './core-groups.ts'

/** A bracket beside the lanes: drawn in the first of them, over the rows of all. */
export interface Bracket {
  readonly rows: number
  readonly label: string | null
}

export interface LaneBrackets {
  /** null: inside a bracket that began above. undefined: no bracket here. */
  readonly cache: Bracket | null | undefined
  readonly siblings: Bracket | null | undefined
}

/** The brackets beside the lane of the core at `index`. `rows` has the number of rows of every core. */
export function bracketsAt(group: PackageGroup, index: number, rows: readonly number[]): LaneBrackets {
  return {
    cache: bracketIn(group.caches, index, rows),
    siblings: bracketIn(group.siblings, index, rows),
  }
}

function bracketIn(
  runs: readonly { readonly first: number; readonly length: number; readonly label?: string }[],
  index: number,
  rows: readonly number[],
): Bracket | null | undefined {
  const run = runs.find(({ first, length }) => index >= first && index < first + length)
  if (run === undefined) return undefined
  if (run.first !== index) return null
  const spanned = rows.slice(run.first, run.first + run.length)
  return { rows: spanned.reduce((sum, count) => sum + count, 0), label: run.label ?? null }
}
