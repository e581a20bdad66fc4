import type { Weight } from '../../src/shared/model/token.ts'

/** What an invented operation is like; `fails` is the share of its tokens that throw. */
export interface CatalogueEntry {
  readonly operation: string
  readonly module: string
  readonly description: string | null
  readonly parameters: readonly string[]
  readonly weight: Weight
  /** Milliseconds. */
  readonly medianRun: number
  readonly fails: number
  readonly tags: Readonly<Record<string, string | number | boolean>>
}

const ordinary: readonly CatalogueEntry[] = [
  entry('cpu.ladder', 'cpu.ops.ts', 'Climbs a ladder of prime sums.', ['rungs'], 'heavy', 320),
  entry('cpu.chain', 'cpu.ops.ts', 'Hashes a value again and again.', ['seed', 'rounds'], 'heavy', 140),
  entry('image.thumbnail', 'images.ops.ts', 'Makes one small picture of a large one.', ['path', 'size'], 'medium', 60),
  entry('image.palette', 'images.ops.ts', null, ['path'], 'medium', 35),
  entry('io.scan', 'disk.ops.ts', 'Lists a folder and everything below it.', ['folder', 'depth'], 'light', 18),
  entry('io.checksum', 'disk.ops.ts', null, ['file'], 'light', 22),
  entry('cache.storm', 'cache.ops.ts', 'Reads and writes the cache until it complains.', ['keys'], 'medium', 45),
  entry('mail.render', 'mail.ops.ts', 'Renders one message from a template.', ['template', 'person'], 'light', 9),
  entry(
    'report.monthly',
    'reports/monthly.ops.ts',
    'Adds up a month.',
    ['year', 'month', '{ currency }'],
    'heavy',
    800,
  ),
  entry(
    'invoice.parse',
    'reports/invoices.ops.ts',
    'Reads an invoice; half of them are not.',
    ['text'],
    'medium',
    30,
    0.5,
  ),
  entry('never.ends', 'misbehaving.ops.ts', 'Runs until somebody kills it.', [], 'heavy', 120_000),
  entry('thread.dies', 'misbehaving.ops.ts', 'Takes its worker down with it.', ['exitCode'], 'light', 12, 1),
]

/** Names that break a window laid out only for the ordinary ones. */
const extreme: readonly CatalogueEntry[] = [
  entry(
    'com.example.platform.ingestion.pipelines.customer_activity.sessionization.window_by_inactivity_and_reduce_to_daily_summaries_v2',
    'platform/ingestion/pipelines/customer-activity/sessionization/window-by-inactivity-and-reduce.ops.ts',
    'A name that no column was made for, with a description that goes on to explain at some length what it does, when it does it, and why nobody dares to rename it after all these years.',
    ['customerActivityEventsPartition', 'inactivityThresholdInMilliseconds', '...additionalReducers'],
    'medium',
    75,
  ),
  entry('отчёт.построить', 'i18n.ops.ts', 'Строит отчёт за неделю.', ['неделя'], 'medium', 55),
  entry('画像.縮小', 'i18n.ops.ts', '画像を縮小します。', ['ファイル', '幅'], 'medium', 40),
  entry('تقرير.شهري', 'i18n.ops.ts', 'يبني تقرير الشهر.', ['الشهر'], 'light', 25),
  entry('🧪.probe', 'i18n.ops.ts', null, ['👩‍🔬'], 'light', 4),
  entry(
    'report "quarterly, final"; v2',
    'odd names.ops.mjs',
    'Quotes, a comma and a semicolon.',
    ['a', 'b'],
    'light',
    15,
  ),
  entry('<img src=x onerror=alert(1)>', 'odd names.ops.mjs', '<b>Not bold</b>', ['<script>'], 'light', 6, 0.1),
]

function entry(
  operation: string,
  module: string,
  description: string | null,
  parameters: readonly string[],
  weight: Weight,
  medianRun: number,
  fails = 0.01,
): CatalogueEntry {
  const tags = medianRun > 500 ? { weight, timeout: 30_000 } : { weight }
  return { operation, module, description, parameters, weight, medianRun, fails, tags }
}

/** The first `count` operations: ordinary ones, extreme ones, then numbered ones. */
export function catalogue(count: number): readonly CatalogueEntry[] {
  const named = [...ordinary, ...extreme]
  const numbered = Array.from({ length: Math.max(0, count - named.length) }, (_, index) => {
    const number = String(index + 1).padStart(4, '0')
    return entry(`batch.step${number}`, `batch/steps-${number.slice(0, 2)}.ops.ts`, null, ['item'], 'light', 12)
  })
  return [...named, ...numbered].slice(0, count)
}
