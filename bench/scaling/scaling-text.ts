import { formatTable } from '../../src/main/cli/table.ts'
import { otherLoadText } from '../reporting/other-load-text.ts'
import { type Spread, spreadOf } from '../reporting/statistics.ts'
import type { PinnedThread } from './pinning-proof.ts'
import type { ScalingReading, SpeedUp } from './scaling-suite.ts'

interface ScalingResult {
  readonly rounds: number
  readonly pieces: number
  readonly readings: readonly ScalingReading[]
  readonly speedUps: readonly SpeedUp[]
}

export function scalingText({ rounds, pieces, readings, speedUps }: ScalingResult): string {
  const pieceMs = spreadOf(readings.filter(({ cores }) => cores === 1).map(({ figure }) => figure.pieceMs)).median
  return [
    `SCALING: ${pieces} pieces of the same integer work, about ${pieceMs.toFixed(1)} ms each; median (min..max) of ${rounds} rounds`,
    '',
    speedUpTable(readings, speedUps),
    '',
    'Time from the first submission to the last answer, after the same pieces have been done to warm up and all threads have come to rest.',
    'Bare threads: the same work in plain worker threads, bound alike and shared out beforehand; what the machine itself can do. Speed-up: against one core of the same kind,',
    'round by round.',
    otherLoadText(readings.map(({ figure }) => figure.otherLoad)),
    '',
    'Where the workers ran, by the scheduler and by the kernel (newest measurement of each number of cores):',
    pinningTable(readings, speedUps),
  ].join('\n')
}

function speedUpTable(readings: readonly ScalingReading[], speedUps: readonly SpeedUp[]): string {
  const columns = [
    { title: 'cores', align: 'right' },
    { title: 'Guardhouse, s', align: 'right' },
    { title: 'speed-up', align: 'right' },
    { title: 'bare threads, s', align: 'right' },
    { title: 'speed-up', align: 'right' },
  ] as const
  const seconds = (kind: ScalingReading['kind'], wanted: number) =>
    spreadText(
      spreadOf(
        readings
          .filter((reading) => reading.kind === kind && reading.cores === wanted)
          .map(({ figure }) => figure.milliseconds / 1000),
      ),
    )
  const rows = speedUps.map(({ cores, guardhouse, bare }) => [
    String(cores),
    seconds('guardhouse', cores),
    spreadText(guardhouse),
    seconds('bare', cores),
    spreadText(bare),
  ])
  return formatTable(columns, rows)
}

function pinningTable(readings: readonly ScalingReading[], speedUps: readonly SpeedUp[]): string {
  const columns = [
    { title: 'cores', align: 'right' },
    { title: 'worker of core', align: 'right' },
    { title: 'asked CPU', align: 'right' },
    { title: 'confirmed' },
    { title: 'last seen' },
    { title: 'kernel: allowed' },
    { title: 'kernel: ran on' },
    { title: 'looks', align: 'right' },
  ] as const
  const rows = speedUps.flatMap(({ cores }) => newestThreads(readings, cores).map((thread) => threadRow(cores, thread)))
  return rows.length === 0 ? 'This system does not tell.' : formatTable(columns, rows)
}

function newestThreads(readings: readonly ScalingReading[], wanted: number): readonly PinnedThread[] {
  const newest = readings.findLast(({ kind, cores }) => kind === 'guardhouse' && cores === wanted)
  return newest?.figure.pinning?.threads ?? []
}

function threadRow(cores: number, thread: PinnedThread): string[] {
  return [
    String(cores),
    String(thread.core),
    String(thread.asked),
    thread.confirmed?.join(' ') ?? 'not told',
    thread.reportedLastCpus.join(' '),
    thread.kernelAllows.join(' '),
    thread.kernelLastCpus.join(' '),
    String(thread.looks),
  ]
}

function spreadText({ median, min, max }: Spread): string {
  return `${median.toFixed(2)} (${min.toFixed(2)}..${max.toFixed(2)})`
}
