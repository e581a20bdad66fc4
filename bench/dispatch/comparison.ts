import { assertDefined } from '../../src/shared/assert.ts'
import { contenders } from '../pools/contenders.ts'
import { type Spread, spreadOf } from '../reporting/statistics.ts'
import type { LoadName } from './loads.ts'
import type { DispatchFigure } from './measurement.ts'

export interface Reading {
  readonly round: number
  readonly contender: number
  readonly load: LoadName
  readonly figure: DispatchFigure
}

/** All rounds of one load. */
export interface LoadComparison {
  readonly load: LoadName
  /** Tasks per second of each contender, in the order of `contenders`. */
  readonly rates: readonly Spread[]
  /** The peer, in the better of its settings, whose median is highest. */
  readonly fastestPeer: number
  /** Guardhouse's rate divided by the fastest peer's, round by round: a round's noise falls on both. */
  readonly ratio: Spread
}

export const guardhouse = 0

export function compare(load: LoadName, readings: readonly Reading[]): LoadComparison {
  const byContender = [...contenders.keys()].map((contender) => ratesOf(contender, load, readings))
  const rates = byContender.map(spreadOf)
  const fastestPeer = rates.reduce(
    (best, { median }, contender) =>
      contender !== guardhouse && median > (rates[best]?.median ?? 0) ? contender : best,
    guardhouse + 1,
  )
  const peer = assertDefined(byContender[fastestPeer], 'there are peers')
  const own = assertDefined(byContender[guardhouse], 'Guardhouse is a contender')
  return { load, rates, fastestPeer, ratio: spreadOf(own.map((rate, round) => rate / (peer[round] ?? Number.NaN))) }
}

/** Round by round. */
function ratesOf(contender: number, load: LoadName, readings: readonly Reading[]): number[] {
  return readings
    .filter((reading) => reading.contender === contender && reading.load === load)
    .sort((a, b) => a.round - b.round)
    .map(({ figure }) => figure.tasksPerSecond)
}
