import { formatCount } from '../../src/main/cli/figures.ts'
import { formatTable } from '../../src/main/cli/table.ts'
import { contenders } from '../pools/contenders.ts'
import { workerCount } from '../pools/pool.ts'
import { otherLoadText } from '../reporting/other-load-text.ts'
import type { Spread } from '../reporting/statistics.ts'
import type { LoadComparison, Reading } from './comparison.ts'
import type { LifeCycleProof } from './life-cycle-proof.ts'
import { loads } from './loads.ts'

interface DispatchResult {
  readonly rounds: number
  readonly warmUpMs: number
  readonly measuredMs: number
  readonly readings: readonly Reading[]
  readonly comparisons: readonly LoadComparison[]
  readonly wholeHistory: LifeCycleProof
}

export function dispatchText(result: DispatchResult): string {
  const { rounds, warmUpMs, measuredMs, readings, comparisons } = result
  return [
    `DISPATCH: no-op tasks per second, ${workerCount} workers; median (min..max) of ${rounds} rounds`,
    '',
    ratesTable(comparisons),
    '',
    ratiosTable(comparisons),
    '',
    `Each figure: a process of its own, ${warmUpMs} ms of warm-up, then ${measuredMs} ms from the first submission to the last answer,`,
    'submitting, checking the answer and garbage collection included. Guardhouse runs in process, like its peers: a client that',
    'submits through a window or a socket pays for that on top. * marks the fastest peer; a ratio is taken round by round.',
    otherLoadText(readings.map(({ figure }) => figure.otherLoad)),
    '',
    ...proofLines(result),
  ].join('\n')
}

function ratesTable(comparisons: readonly LoadComparison[]): string {
  const columns = [
    { title: 'pool' },
    { title: 'setting' },
    ...comparisons.map(({ load }) => ({ title: loads[load].title, align: 'right' }) as const),
  ]
  const rows = contenders.map(({ library, setting }, contender) => [
    library,
    setting,
    ...comparisons.map(({ rates, fastestPeer }) => {
      const mark = contender === fastestPeer ? '* ' : ''
      return `${mark}${spreadText(rates[contender], formatCount)}`
    }),
  ])
  return formatTable(columns, rows)
}

function ratiosTable(comparisons: readonly LoadComparison[]): string {
  const columns = [
    { title: 'Guardhouse : fastest peer' },
    { title: 'ratio', align: 'right' },
    { title: 'wanted', align: 'right' },
    { title: '' },
  ] as const
  const rows = comparisons.map(({ load, ratio, fastestPeer }) => {
    const { title, target } = loads[load]
    const peer = contenders[fastestPeer]
    const verdict = ratio.median >= target ? 'met' : `missed by ${Math.round((1 - ratio.median / target) * 100)} %`
    const against = `${title}, against ${peer?.library} (${peer?.setting})`
    return [against, spreadText(ratio, (value) => value.toFixed(2)), String(target), verdict]
  })
  return formatTable(columns, rows)
}

function proofLines({ readings, wholeHistory }: DispatchResult): string[] {
  const proofs = readings.flatMap(({ figure }) => figure.proof ?? [])
  const sum = (read: (proof: LifeCycleProof) => number) =>
    formatCount(proofs.reduce((total, proof) => total + read(proof), 0))
  return [
    'Life cycles, asked for by token id after each Guardhouse measurement:',
    `  ${sum((proof) => proof.submitted)} tokens submitted, ${sum((proof) => proof.completed)} counted as completed; the newest ${sum((proof) => proof.proven)} still kept`,
    `  (historyMax) are whole: COMPLETED, placed, no instant before the one it follows; ${sum((proof) => proof.evicted)} older ones had been evicted.`,
    `  A run of ${formatCount(wholeHistory.submitted)} tokens, queued 10,000 at a time: ${formatCount(wholeHistory.proven)} whole, ${formatCount(wholeHistory.evicted)} evicted.`,
  ]
}

function spreadText(spread: Spread | undefined, format: (value: number) => string): string {
  if (spread === undefined) return ''
  return `${format(spread.median)} (${format(spread.min)}..${format(spread.max)})`
}
