import { formatCount } from '../../src/main/cli/figures.ts'
import { formatTable } from '../../src/main/cli/table.ts'
import { measureInChild } from '../child-process.ts'
import { measureCalmly } from '../reporting/calm.ts'
import { otherLoadText } from '../reporting/other-load-text.ts'
import { quantile } from '../reporting/statistics.ts'
import type { SuiteReport, SuiteSettings, Target } from '../reporting/suite.ts'
import type { OneKill } from './kill-once.ts'
import type { ReplacementFigure, ReplacementMeasurement } from './measurement.ts'

const entry = new URL('measurement.ts', import.meta.url)
// Short enough for a calm moment of the machine.
const batches = 10
const input: ReplacementMeasurement = { kills: 100, bystanders: 32, rested: true }
const inRow: ReplacementMeasurement = { ...input, rested: false }
const allowedMs = 250

/** How fast a worker is back after the token that held its thread was killed, and whether any other token pays for it. */
export async function runReplacement({ patience, progress }: SuiteSettings): Promise<SuiteReport> {
  const figures: ReplacementFigure[] = []
  for (let batch = 0; batch < batches; batch++) {
    figures.push(await measureCalmly(patience, () => measureInChild<ReplacementFigure>(entry, input)))
    progress(`replacement: ${(batch + 1) * input.kills} of ${batches * input.kills} kills`)
  }
  progress('replacement: 100 kills in a row')
  const hurried = await measureCalmly(patience, () => measureInChild<ReplacementFigure>(entry, inRow))
  const longest = Math.max(...readyTimes(figures.flatMap(({ kills }) => kills)))
  return {
    text: replacementText(figures, hurried),
    data: { input, figures, inRow: hurried },
    targets: [targetOf(longest)],
    faults: [...figures, hurried].flatMap(({ faults }) => faults),
  }
}

function targetOf(longest: number): Target {
  const what = `replacement: from kill to worker bound and ready, longest of ${formatCount(batches * input.kills)}`
  return { what, measured: longest, wanted: allowedMs, better: 'smaller', unit: 'ms' }
}

function readyTimes(kills: readonly OneKill[]): number[] {
  return kills.map(({ readyMs }) => readyMs)
}

function replacementText(figures: readonly ReplacementFigure[], hurried: ReplacementFigure): string {
  const kills = figures.flatMap((figure) => figure.kills)
  const faults = [...figures, hurried].flatMap((figure) => figure.faults)
  const columns = [
    { title: 'ms from the kill until' },
    { title: 'median', align: 'right' },
    { title: 'p95', align: 'right' },
    { title: 'max', align: 'right' },
    { title: `${allowedMs} or more`, align: 'right' },
  ] as const
  const row = (title: string, times: readonly number[]) => [
    title,
    ...[0.5, 0.95, 1].map((share) => quantile(times, share).toFixed(1)),
    formatCount(times.filter((time) => time >= allowedMs).length),
  ]
  const sum = (read: (kill: OneKill) => number) => formatCount(kills.reduce((total, kill) => total + read(kill), 0))
  return [
    `REPLACEMENT: ${formatCount(kills.length)} kills of a token that computes for ever, killGraceMs 0, in ${batches} processes`,
    '',
    formatTable(columns, [
      row('the new thread is bound and ready', readyTimes(kills)),
      row(
        'the first waiting token runs on it',
        kills.flatMap(({ serviceMs }) => serviceMs ?? []),
      ),
      row(`the same of ${hurried.kills.length} kills in a row: bound and ready`, readyTimes(hurried.kills)),
    ]),
    '',
    "The first is seen by looking every millisecond; the second is that token's own start, after its module has been loaded.",
    `Bystanders: ${formatCount(kills.length * input.bystanders)} tokens of 1 ms each, ${sum((kill) => kill.inDoomedMailbox)} of them in the mailbox of a thread about to die;`,
    `${sum((kill) => kill.ranOnSuccessor)} of those ran on its successor, idle cores took the others.`,
    faults.length === 0
      ? 'Every token was answered and ran exactly once, by counters that the operation itself advances in shared memory.'
      : `FAULTS: ${faults.length}, listed below.`,
    otherLoadText(figures.map(({ otherLoad }) => otherLoad)),
  ].join('\n')
}
