import { lstatSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ProcedureOutput } from '../../shared/contract/index.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import { type CollectionStats, collectCatalog, collectionDefaults } from '../engine/collection/collect-catalog.ts'
import { PinList } from '../engine/receipts/pin-list.ts'
import { defineCommand, hostOptions } from './command.ts'
import { exitCodes } from './exit-code.ts'
import { formatCount } from './figures.ts'
import { connectToHost } from './host-connection.ts'
import { printableText } from './printable-text.ts'
import { readNumber } from './read-number.ts'
import { StopSignals } from './stop-signals.ts'
import { type Column, formatTable } from './table.ts'
import type { Terminal } from './terminal.ts'

interface Limits {
  readonly hotDays: number | undefined
  readonly warmDays: number | undefined
  readonly maxMb: number | undefined
}

export const gcCommand = defineCommand({
  name: 'gc',
  parameters: '',
  summary: 'Collect what is kept: of a running host everything, or one catalog of receipts by its files',
  details: [
    'Without --catalog-dir the running host collects everything it keeps: bodies of receipts, runs of workflows, the',
    'journal, logs; limits that are left out are those of its options.',
    'With it, gc works on the files and needs no host: bodies of old receipts go, then the oldest until it fits, then its log',
    'is packed; the answer is the statistics as JSON. Name no catalog whose log a running program writes.',
    'Receipts are never changed or removed: what was purged is recorded in receipts.purged.jsonl beside them. Pinned',
    'receipts keep their bodies.',
  ],
  examples: [
    'guardhouse gc --dry-run',
    'guardhouse gc --catalog-dir .catalog --dry-run',
    'guardhouse gc --catalog-dir .catalog --hot-days 7 --max-mb 500',
  ],
  positionals: { least: 0, most: 0 },
  options: {
    'catalog-dir': {
      type: 'string',
      value: 'DIR',
      help: 'The catalog: the folder that holds receipts/; left out: everything of the running host',
    },
    'hot-days': {
      type: 'string',
      value: 'N',
      help: `Bodies younger than this stay; left out, of a catalog: ${collectionDefaults.hotDays}`,
    },
    'warm-days': {
      type: 'string',
      value: 'N',
      help: `Logs, runs and the journal younger than this stay; left out, of a catalog: ${collectionDefaults.warmDays}`,
    },
    'max-mb': {
      type: 'string',
      value: 'N',
      help: `Size in MiB to bring it to; left out, of a catalog: ${collectionDefaults.maxTotalMb}`,
    },
    'dry-run': { type: 'boolean', help: 'Say what would go and touch nothing' },
    ...hostOptions,
  },
  async run({ options }, surroundings) {
    const days = { least: 0, most: 36_500, whole: false }
    const limits: Limits = {
      hotDays: readNumber('hot-days', options['hot-days'], days),
      warmDays: readNumber('warm-days', options['warm-days'], days),
      maxMb: readNumber('max-mb', options['max-mb'], { least: 0, most: 100_000_000, whole: false }),
    }
    const { terminal } = surroundings
    if (options['catalog-dir'] !== undefined) {
      terminal.printJson(await collectFiles(existingFolder(options['catalog-dir']), limits, options['dry-run']))
      return exitCodes.ok
    }
    await using connection = await connectToHost(options, surroundings)
    const { hotDays, warmDays, maxMb: maxTotalMiB } = limits
    const input = { hotDays, warmDays, maxTotalMiB }
    const report = options['dry-run']
      ? await connection.client.call('storage.preview', input)
      : await connection.client.call('storage.collect', { ...input, reason: 'guardhouse gc' })
    if (options.json) terminal.printJson(report)
    else printReport(terminal, report)
    return exitCodes.ok
  },
})

async function collectFiles(catalog: string, limits: Limits, dryRun: boolean): Promise<CollectionStats> {
  const pins = new PinList(catalog)
  using signals = new StopSignals()
  const stop = new AbortController()
  void signals.asked.then(() => stop.abort(new GuardhouseError('conflict', 'the collection was interrupted')))
  const { stats } = await collectCatalog({
    catalog,
    hotDays: limits.hotDays ?? collectionDefaults.hotDays,
    warmDays: limits.warmDays ?? collectionDefaults.warmDays,
    maxTotalMb: limits.maxMb ?? collectionDefaults.maxTotalMb,
    dryRun,
    nowMs: Date.now(),
    keepsLogs: false,
    signal: stop.signal,
    isPinned: (name) => pins.has(name.slice(0, -'.json'.length)),
  })
  return stats
}

const columns: readonly Column[] = [
  { title: 'KIND' },
  { title: 'THINGS', align: 'right' },
  { title: 'MIB', align: 'right' },
  { title: 'NOTES', flexible: true },
]

function printReport(terminal: Terminal, report: ProcedureOutput<'storage.preview'>): void {
  const rows = report.parts.map(({ kind, items, bytes, notes }) => [
    kind,
    formatCount(items),
    mebibytes(bytes),
    printableText(notes.join(' ')),
  ])
  terminal.print(formatTable(columns, rows, terminal.width))
  const verb = report.dryRun ? 'would go' : 'went'
  terminal.note(
    `${formatCount(report.items)} things ${verb}, ${mebibytes(report.bytes)} of ${mebibytes(report.bytesBefore)} MiB; ${formatCount(report.emptiedTotal)} receipts emptied${report.cancelled ? '; it was stopped' : ''}`,
  )
}

function mebibytes(bytes: number): string {
  return (bytes / 1_048_576).toFixed(1)
}

/** One that is not there yet is an empty one, as for the original. */
function existingFolder(given: string): string {
  if (given === '') {
    throw new GuardhouseError('bad-request', '--catalog-dir names no folder', {
      hint: 'Name the folder that holds receipts/, such as --catalog-dir .catalog.',
    })
  }
  const catalog = resolve(given)
  const facts = lstatSync(catalog, { throwIfNoEntry: false })
  if (facts !== undefined && !facts.isDirectory() && !facts.isSymbolicLink()) {
    throw new GuardhouseError('bad-request', `${catalog} is not a folder`)
  }
  return catalog
}
