import { anyNumber, choice, wholeNumber } from '../scheduler/option-definition.ts'

/** What the CPU quota holds back, beside the priority of the workers: nothing, tokens made of tuples, or every token. */
export const quotaScopes = ['priority', 'lanes', 'workers'] as const
export type QuotaScope = (typeof quotaScopes)[number]

export interface ThrottleOptions {
  readonly cpuQuotaPct: number
  readonly cpuQuotaScope: QuotaScope
  readonly diskQuotaMiB: number
}

/** The quotas of the original (section 4); by default nothing is throttled, where the original has 95. */
export const throttleOptions = {
  cpuQuotaPct: wholeNumber({
    group: 'Throttle',
    live: true,
    summary:
      'How much of the CPUs work may claim: below 100 the priority of workers is lowered, and what cpuQuotaScope names rests in proportion',
    unit: '%',
    default: 100,
    minimum: 1,
    maximum: 100,
  }),
  cpuQuotaScope: choice({
    group: 'Throttle',
    live: true,
    summary:
      'What cpuQuotaPct holds back: the priority of workers alone, lanes and agents too, or every token of the workers',
    default: 'lanes',
    choices: quotaScopes,
  }),
  diskQuotaMiB: anyNumber({
    group: 'Throttle',
    live: true,
    summary:
      'Size of everything that is kept beyond which a collection runs at once, and new work is refused while it stays so; 0 for none',
    unit: 'MiB',
    default: 0,
    minimum: 0,
    maximum: 100_000_000,
  }),
}
