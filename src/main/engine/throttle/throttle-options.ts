import { wholeNumber } from '../scheduler/option-definition.ts'

export interface ThrottleOptions {
  readonly cpuQuotaPct: number
}

/** The quota of the original (section 4); by default nothing is throttled, where the original has 95. */
export const throttleOptions = {
  cpuQuotaPct: wholeNumber({
    group: 'Throttle',
    live: true,
    summary:
      'How much of a busy CPU workers claim: below 100 their priority is lowered, so that other programs go first',
    unit: '%',
    default: 100,
    minimum: 1,
    maximum: 100,
  }),
}
