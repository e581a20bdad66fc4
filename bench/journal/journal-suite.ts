import { formatCount } from '../../src/main/cli/figures.ts'
import { formatTable } from '../../src/main/cli/table.ts'
import { assertDefined } from '../../src/shared/assert.ts'
import { measureInChild } from '../child-process.ts'
import type { DispatchFigure, DispatchMeasurement } from '../dispatch/measurement.ts'
import { contenders } from '../pools/contenders.ts'
import { measureCalmly } from '../reporting/calm.ts'
import { spreadOf } from '../reporting/statistics.ts'
import type { SuiteReport, SuiteSettings, Target } from '../reporting/suite.ts'
import type { JournaledFigure, JournaledMeasurement } from './dispatch-measurement.ts'
import type { QueryMeasurement, QueryReport } from './query-measurement.ts'

const peerEntry = new URL('../dispatch/measurement.ts', import.meta.url)
const ownEntry = new URL('dispatch-measurement.ts', import.meta.url)
const queryEntry = new URL('query-measurement.ts', import.meta.url)
const warmUpMs = 2500
const measuredMs = 1000
const rows = 1_000_000
const repetitions = 7
const allowedMs = 100
const wantedRatio = 3

interface Round {
  readonly own: JournaledFigure
  readonly peers: readonly { readonly contender: number; readonly tasksPerSecond: number }[]
}

/** What the journal costs where tokens are cheapest, and how fast a million rows answer. */
export async function runJournal({ rounds, patience, progress }: SuiteSettings): Promise<SuiteReport> {
  const measured: Round[] = []
  for (let round = 0; round < rounds; round++) {
    const input: JournaledMeasurement = { warmUpMs, measuredMs }
    const own = await measureCalmly(patience, () => measureInChild<JournaledFigure>(ownEntry, input))
    const peers: Round['peers'][number][] = []
    for (const [contender, { library }] of contenders.entries()) {
      if (library === 'Guardhouse') continue
      const peer: DispatchMeasurement = { contender, load: 'queued', warmUpMs, measuredMs }
      const { tasksPerSecond } = await measureCalmly(patience, () => measureInChild<DispatchFigure>(peerEntry, peer))
      peers.push({ contender, tasksPerSecond })
    }
    measured.push({ own, peers })
    progress(`journal: round ${round + 1} of ${rounds}, 10,000 queued`)
  }
  progress(`journal: questions over ${formatCount(rows)} rows`)
  const queries = await measureInChild<QueryReport>(queryEntry, { rows, repetitions } satisfies QueryMeasurement)
  return {
    text: `${dispatchText(measured)}\n\n${queryText(queries)}`,
    data: { measured, queries },
    targets: [ratioTarget(measured), ...queries.figures.map(queryTarget)],
    faults: [],
  }
}

function fastest({ peers }: Round): Round['peers'][number] {
  return assertDefined(
    [...peers].sort((a, b) => b.tasksPerSecond - a.tasksPerSecond)[0],
    'there are peers to be measured against',
  )
}

function ratioTarget(measured: readonly Round[]): Target {
  const ratio = spreadOf(measured.map((round) => round.own.tasksPerSecond / fastest(round).tasksPerSecond))
  const what = 'dispatch, 10,000 queued, journal on: Guardhouse against the fastest peer'
  return { what, measured: ratio.median, wanted: wantedRatio, better: 'larger', unit: '×' }
}

function queryTarget({ question, took }: QueryReport['figures'][number]): Target {
  const what = `journal of ${formatCount(rows)} rows: ${question}`
  return { what, measured: spreadOf(took).median, wanted: allowedMs, better: 'smaller', unit: 'ms' }
}

function dispatchText(measured: readonly Round[]): string {
  const lines = measured.map((round) => {
    const peer = fastest(round)
    const { library } = assertDefined(contenders[peer.contender], 'it was measured')
    return [
      formatCount(Math.round(round.own.tasksPerSecond)),
      `${formatCount(Math.round(peer.tasksPerSecond))} (${library})`,
      round.own.bytesPerToken.toFixed(0),
      round.own.transactionsPerToken.toFixed(5),
    ]
  })
  return [
    'Journal on, bursts of 10,000 tokens that do nothing, to the moment when the last end is on the disk',
    formatTable(
      [
        { title: 'Guardhouse, tokens/s', align: 'right' },
        { title: 'fastest peer, tasks/s', align: 'right' },
        { title: 'bytes a token', align: 'right' },
        { title: 'transactions a token', align: 'right' },
      ],
      lines,
    ),
  ].join('\n')
}

function queryText({ figures, loadMs, indexMs, bytesPerRow }: QueryReport): string {
  const lines = figures.map(({ question, matched, took }) => {
    const { min, median, max } = spreadOf(took)
    return [question, formatCount(matched), ...[min, median, max].map((value) => value.toFixed(1))]
  })
  return [
    `${formatCount(rows)} rows in the journal beside 1,000 live tokens, pages of 100; ${bytesPerRow.toFixed(0)} bytes a row`,
    formatTable(
      [
        { title: 'question' },
        { title: 'matched', align: 'right' },
        { title: 'least ms', align: 'right' },
        { title: 'median ms', align: 'right' },
        { title: 'most ms', align: 'right' },
      ],
      lines,
    ),
    `Reading the rows in took ${(loadMs / 1000).toFixed(1)} s, indexing their texts ${(indexMs / 1000).toFixed(1)} s.`,
  ].join('\n')
}
