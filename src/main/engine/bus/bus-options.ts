import { GuardhouseError } from '../../../shared/errors.ts'
import { wholeNumber } from '../scheduler/option-definition.ts'
import { defaultMaxTuples, maxTuplesVariable } from './stores/resident-limit.ts'

export interface BusOptions {
  readonly busMaxTuples: number
  readonly busOutWaitMs: number
}

const group = 'Bus'

export const busOptions = {
  busMaxTuples: wholeNumber({
    group,
    live: true,
    summary: 'Tuples that the bus holds at most, lent ones too; whoever puts more is held up',
    unit: 'tuples',
    default: defaultMaxTuples,
    minimum: 1,
    maximum: 10_000_000,
  }),
  busOutWaitMs: wholeNumber({
    group,
    live: true,
    summary: 'How long whoever puts waits for room before the tuple is refused as overloaded; 0 refuses at once',
    unit: 'ms',
    default: 10_000,
    minimum: 0,
    maximum: 3_600_000,
  }),
}

/** What the environment says, where it does. Throws `bad-request` for what is no number of tuples. */
export function busOptionsFrom(environment: Readonly<Record<string, string | undefined>>): Partial<BusOptions> {
  const text = environment[maxTuplesVariable]?.trim() ?? ''
  if (text === '') return {}
  const value = Number(text)
  const { minimum, maximum } = busOptions.busMaxTuples
  if (/^\d+$/.test(text) && value >= minimum && value <= maximum) return { busMaxTuples: value }
  throw new GuardhouseError('bad-request', `${maxTuplesVariable} is ${JSON.stringify(text)}`, {
    hint: `It is a whole number of tuples from ${minimum} to ${maximum}, such as 1000000.`,
  })
}
