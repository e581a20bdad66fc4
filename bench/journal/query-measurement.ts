import { join } from 'node:path'
import { BatchWriter } from '../../src/main/engine/journal/journal-batch.ts'
import { JournalStore } from '../../src/main/engine/journal/journal-store.ts'
import { KeptTokens } from '../../src/main/engine/journal/kept-tokens.ts'
import { MergedTokens } from '../../src/main/engine/journal/merged-tokens.ts'
import { openFile } from '../../src/main/engine/journal/open-journal.ts'
import { findEntries } from '../../src/main/entries.ts'
import type { TokenFilter, TokenSort } from '../../src/shared/contract/tokens.ts'
import { tokenStates } from '../../src/shared/model/token.ts'
import { answerParent } from '../child-process.ts'
import { startScheduler } from '../guardhouse.ts'
import { temporaryFolder } from './temporary-journal.ts'

/** Entry of a measuring process: a journal of many rows beside a scheduler with live ones, and the questions the window asks. */

export interface QueryMeasurement {
  readonly rows: number
  readonly repetitions: number
}

export interface QueryFigure {
  readonly question: string
  readonly matched: number
  /** Milliseconds of each repetition, from the question to the finished page. */
  readonly took: readonly number[]
}

export interface QueryReport {
  readonly figures: readonly QueryFigure[]
  readonly loadMs: number
  readonly indexMs: number
  readonly bytesPerRow: number
}

const operationCount = 20
const liveTokens = 1000
const newest: TokenSort = { by: 'sequence', direction: 'descending' }

const questions: readonly (readonly [question: string, filter: TokenFilter, sort: TokenSort, offset: number])[] = [
  ['first page', {}, newest, 0],
  ['page in the middle', {}, newest, 500_000],
  ['one state', { states: ['FAILED'] }, newest, 0],
  ['two operations on one core', { operations: ['bench.3', 'bench.7'], cores: [2, 4] }, newest, 0],
  ['a span of time', { acceptedFrom: 100_000, acceptedUntil: 200_000 }, newest, 0],
  ['longest run first', {}, { by: 'ran', direction: 'descending' }, 0],
  ['longest run first, in the middle', {}, { by: 'ran', direction: 'descending' }, 500_000],
  ['by operation', {}, { by: 'operation', direction: 'ascending' }, 0],
  ['failed ones by wait', { states: ['FAILED'] }, { by: 'waited', direction: 'descending' }, 100],
  ['text of one token', { text: 'customer 765432' }, newest, 0],
  ['text of a thousand tokens', { text: 'order 77' }, newest, 0],
  ['text of two letters', { text: 'q7' }, newest, 0],
  [
    'text in a failed state, by run',
    { text: 'order 77', states: ['FAILED'] },
    { by: 'ran', direction: 'ascending' },
    0,
  ],
]

await answerParent(measure)

async function measure({ rows, repetitions }: QueryMeasurement): Promise<QueryReport> {
  const path = join(temporaryFolder(), 'journal.sqlite')
  const fileBytes = fill(path, rows)
  const { scheduler, clock } = await startScheduler(1)
  scheduler.takeOver({ tokens: [], lastSequence: rows, paused: { gate: true, operations: [] } })
  for (let live = 0; live < liveTokens; live++) scheduler.submit('bench.noop', [live])
  const from = performance.now()
  const kept = await KeptTokens.open(findEntries().journalReader, { path, epochWall: clock.epochWall }, () => undefined)
  const tokens = new MergedTokens(scheduler, kept, () => clock.now())
  await tokens.query({}, newest, 0, 1)
  const loadMs = performance.now() - from
  await indexed(tokens)
  const indexMs = performance.now() - from - loadMs
  const figures: QueryFigure[] = []
  for (const [question, filter, sort, offset] of questions) {
    const took: number[] = []
    let matched = 0
    for (let repetition = 0; repetition < repetitions; repetition++) {
      const asked = performance.now()
      const page = await tokens.query(filter, sort, offset, 100)
      took.push(performance.now() - asked)
      matched = page.matched
    }
    figures.push({ question, matched, took })
  }
  return { figures, loadMs, indexMs, bytesPerRow: fileBytes / rows }
}

async function indexed(tokens: MergedTokens): Promise<void> {
  while ((await tokens.query({ text: 'nothing has this text' }, newest, 0, 1)).unsearched !== undefined) {
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

/** Writes ended tokens as the product does; returns the bytes of the file. */
function fill(path: string, rows: number): number {
  const store = new JournalStore(openFile(path), 0)
  const batch = new BatchWriter()
  const operations = Array.from({ length: operationCount }, (_, number) => ({
    number,
    name: `bench.${number}`,
    tags: {},
  }))
  for (let sequence = 1; sequence <= rows; sequence++) {
    addToken(batch, sequence)
    if (batch.count < 20_000 && sequence < rows) continue
    const beside = { operations, audit: [], settings: [], cores: 4, workersPerCore: 1, everything: false, sync: true }
    store.write({ ...batch.take(), ...beside, number: store.lastBatch + 1 })
  }
  const pages = Number(store.database.pragma('page_count', { simple: true }))
  store.database.close()
  return pages * 4096
}

function addToken(batch: BatchWriter, sequence: number): void {
  batch.value([`customer ${sequence}`, `order ${sequence % 1000}`, sequence % 77 === 0 ? 'q7' : 'z'], 4096)
  batch.accepted({
    sequence,
    attempt: 1,
    operation: (sequence * 7919) % operationCount,
    created: sequence * 1000,
    weight: sequence % 3,
    parent: 0,
    timeout: 0,
    queueTimeout: 0,
    flags: 0,
  })
  const failed = sequence % 50 === 0
  if (!failed) batch.value(sequence, 4096)
  batch.ended(
    {
      sequence,
      attempt: 1,
      state: tokenStates.indexOf(failed ? 'FAILED' : 'COMPLETED'),
      admitted: 10,
      started: 20 + ((sequence * 31) % 5000),
      ended: 6000 + ((sequence * 104_729) % 999_983),
      core: 1 + (sequence % 4),
      slot: 0,
      position: sequence % 4,
      flags: 0,
    },
    failed ? JSON.stringify({ error: { kind: 'operation-failed', message: 'out of stock' } }) : '',
  )
}
