import { measureInChild } from '../child-process.ts'
import { measureCalmly } from '../reporting/calm.ts'
import { rotate } from '../reporting/rotation.ts'
import { type Spread, spreadOf } from '../reporting/statistics.ts'
import type { SuiteReport, SuiteSettings } from '../reporting/suite.ts'
import type { ScalingFigure, ScalingMeasurement } from './measurement.ts'
import { scalingText } from './scaling-text.ts'

export interface ScalingReading {
  readonly round: number
  readonly kind: ScalingMeasurement['kind']
  readonly cores: number
  readonly figure: ScalingFigure
}

/** Against one core, round by round. */
export interface SpeedUp {
  readonly cores: number
  readonly guardhouse: Spread
  readonly bare: Spread
}

const entry = new URL('measurement.ts', import.meta.url)
const kinds = ['guardhouse', 'bare'] as const
// About four seconds on one core, so that the last piece, which runs alone, counts for half a per cent; and at least eight for each of many.
const leastPieces = 200
const piecesPerCore = 8
const wantedOnTwo = 1.9

/** The same CPU-bound work on 1 core, 2, 4 and so on up to all: what pinning and dispatch leave of the machine's own speed-up. */
export async function runScaling({ rounds, machine, patience, progress }: SuiteSettings): Promise<SuiteReport> {
  const steps = coreCounts(machine.usableCpus)
  const pieces = Math.max(leastPieces, piecesPerCore * machine.usableCpus)
  const cases = steps.flatMap((cores) => kinds.map((kind): ScalingMeasurement => ({ kind, cores, pieces })))
  const readings: ScalingReading[] = []
  for (let round = 0; round < rounds; round++) {
    for (const input of rotate(cases, round)) {
      const figure = await measureCalmly(patience, () => measureInChild<ScalingFigure>(entry, input))
      readings.push({ round, kind: input.kind, cores: input.cores, figure })
    }
    progress(`scaling: round ${round + 1} of ${rounds}`)
  }
  const speedUps = steps.map(
    (cores): SpeedUp => ({
      cores,
      guardhouse: speedUp('guardhouse', cores, readings),
      bare: speedUp('bare', cores, readings),
    }),
  )
  return {
    text: scalingText({ rounds, pieces, readings, speedUps }),
    data: { pieces, speedUps, readings },
    targets: speedUps.filter(({ cores }) => cores === 2).map(targetOf),
    faults: readings.flatMap(({ figure }) => figure.pinning?.problems ?? []),
  }
}

function targetOf({ guardhouse }: SpeedUp) {
  const what = 'scaling: CPU-bound work on 2 pinned cores against 1'
  return { what, measured: guardhouse.median, wanted: wantedOnTwo, better: 'larger', unit: '×' } as const
}

/** 1, 2, 4 … and all of them. */
function coreCounts(all: number): number[] {
  const counts: number[] = []
  for (let count = 1; count < all; count *= 2) counts.push(count)
  return [...counts, all]
}

function speedUp(kind: ScalingMeasurement['kind'], cores: number, readings: readonly ScalingReading[]): Spread {
  const times = (wanted: number) =>
    readings
      .filter((reading) => reading.kind === kind && reading.cores === wanted)
      .sort((a, b) => a.round - b.round)
      .map(({ figure }) => figure.milliseconds)
  const own = times(cores)
  return spreadOf(times(1).map((alone, round) => alone / (own[round] ?? Number.NaN)))
}
