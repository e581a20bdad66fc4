/** Age classes by which what is kept is shown: upper bounds in days; the last class has none. */
export const ageBoundsDays = [1, 7, 30, 90, 365] as const
export const ageLabels = ['< 1 d', '< 7 d', '< 30 d', '< 90 d', '< 1 y', 'older'] as const

export interface KeptAge {
  readonly items: number
  readonly bytes: number
}

/** Things of one kind on the disk. */
export interface KeptKind {
  readonly kind: string
  readonly items: number
  readonly bytes: number
  /** One entry for each of `ageLabels`. */
  readonly ages: readonly KeptAge[]
}

export interface StorageProgress {
  /** What is being done, such as `bodies by age`. */
  readonly step: string
  readonly done: number
  readonly total: number
}

/** Index into `ageLabels` of something this old. */
export function ageClass(ageDays: number): number {
  const index = ageBoundsDays.findIndex((bound) => ageDays < bound)
  return index < 0 ? ageBoundsDays.length : index
}

export function noAges(): { items: number; bytes: number }[] {
  return ageLabels.map(() => ({ items: 0, bytes: 0 }))
}
