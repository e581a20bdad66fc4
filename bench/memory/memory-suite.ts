import { formatCount } from '../../src/main/cli/figures.ts'
import { formatTable } from '../../src/main/cli/table.ts'
import { assertDefined } from '../../src/shared/assert.ts'
import { measureInChild } from '../child-process.ts'
import { type Spread, spreadOf } from '../reporting/statistics.ts'
import type { SuiteReport, SuiteSettings, Target } from '../reporting/suite.ts'
import type { MemoryMeasurement, MemoryReading } from './measurement.ts'

const entry = new URL('measurement.ts', import.meta.url)
const few = 100_000
const many = 1_000_000
// Shows whether what grew up to there still grows.
const twiceAsMany = 2_000_000
const allowedGrowth = 20

/** Many tokens, as they come along. All at once is shown beside it: the table then has to hold a million live tokens. */
const cases = [
  { title: '10,000 at a time', burst: 10_000, target: true },
  { title: '1,000,000 at once', burst: many, target: false },
] as const

interface CaseResult {
  readonly title: string
  readonly target: boolean
  readonly rounds: readonly (readonly MemoryReading[])[]
}

/** What the process holds after a million tokens beyond what it held after a hundred thousand. */
export async function runMemory({ rounds, progress }: SuiteSettings): Promise<SuiteReport> {
  const results: CaseResult[] = []
  for (const { title, burst, target } of cases) {
    const input: MemoryMeasurement = { after: [few, many, twiceAsMany], burst }
    const read: MemoryReading[][] = []
    for (let round = 0; round < rounds; round++) {
      read.push(await measureInChild<MemoryReading[]>(entry, input, ['--expose-gc']))
      progress(`memory: ${title}, round ${round + 1} of ${rounds}`)
    }
    results.push({ title, target, rounds: read })
  }
  return { text: memoryText(rounds, results), data: { results }, targets: results.flatMap(targetsOf), faults: [] }
}

const measures = [
  { name: 'heapUsed + external', read: ({ heapUsed, external }: MemoryReading) => heapUsed + external },
  { name: 'rss', read: ({ rss }: MemoryReading) => rss },
] as const

function growthOf(result: CaseResult, read: (reading: MemoryReading) => number): Spread {
  return spreadOf(result.rounds.map((readings) => read(at(readings, many)) - read(at(readings, few))))
}

function targetsOf(result: CaseResult): Target[] {
  if (!result.target) return []
  return measures.map(({ name, read }) => ({
    what: `memory: growth of ${name} from ${formatCount(few)} to ${formatCount(many)} tokens`,
    measured: growthOf(result, read).median / 1e6,
    wanted: allowedGrowth,
    better: 'smaller',
    unit: 'MB',
  }))
}

function memoryText(rounds: number, results: readonly CaseResult[]): string {
  const columns = [
    { title: 'tokens submitted' },
    { title: 'MB of' },
    { title: `after ${formatCount(few)}`, align: 'right' },
    { title: `after ${formatCount(many)}`, align: 'right' },
    { title: 'growth', align: 'right' },
    { title: `after ${formatCount(twiceAsMany)}`, align: 'right' },
  ] as const
  const rows = results.flatMap((result) =>
    measures.map(({ name, read }) => {
      const after = (tokens: number) => megabytes(spreadOf(result.rounds.map((readings) => read(at(readings, tokens)))))
      return [result.title, name, after(few), after(many), megabytes(growthOf(result, read)), after(twiceAsMany)]
    }),
  )
  return [
    `MEMORY: no-op tokens, every one ended, after forced collections; median (min..max) of ${rounds} rounds, MB = 10^6 bytes`,
    '',
    formatTable(columns, rows),
    '',
    "heapUsed and external are the control thread's, and exact; rss is the whole process with its worker threads, whose heaps nobody",
    'collects by force. The history of the newest 100,000 tokens is full in every column.',
  ].join('\n')
}

function at(readings: readonly MemoryReading[], tokens: number): MemoryReading {
  const found = readings.find((reading) => reading.tokens === tokens)
  return assertDefined(found, 'memory was read after so many tokens')
}

function megabytes({ median, min, max }: Spread): string {
  const text = (bytes: number) => (bytes / 1e6).toFixed(1)
  return `${text(median)} (${text(min)}..${text(max)})`
}
