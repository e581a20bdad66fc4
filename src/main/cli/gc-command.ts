import { lstatSync } from 'node:fs'
import { resolve } from 'node:path'
import { GuardhouseError } from '../../shared/errors.ts'
import { collectCatalog, collectionDefaults } from '../engine/collection/collect-catalog.ts'
import { PinList } from '../engine/receipts/pin-list.ts'
import { defineCommand } from './command.ts'
import { exitCodes } from './exit-code.ts'
import { readNumber } from './read-number.ts'
import { StopSignals } from './stop-signals.ts'

const mostDays = 1_000_000

export const gcCommand = defineCommand({
  name: 'gc',
  parameters: '',
  summary: 'Collect a catalog: bodies of old receipts, then the oldest until it fits, then its log',
  details: [
    'Works on the files; no host has to run. Receipts are never changed or removed: what was purged is recorded in',
    'receipts.purged.jsonl beside them. Pinned receipts keep their bodies. Answers with the statistics as JSON.',
  ],
  examples: [
    'guardhouse gc --catalog-dir .catalog --dry-run',
    'guardhouse gc --catalog-dir .catalog --hot-days 7 --max-mb 500',
  ],
  positionals: { least: 0, most: 0 },
  options: {
    'catalog-dir': { type: 'string', value: 'DIR', help: 'The catalog: the folder that holds receipts/ (required)' },
    'hot-days': {
      type: 'string',
      value: 'N',
      help: `Bodies younger than this stay; left out: ${collectionDefaults.hotDays}`,
    },
    'warm-days': {
      type: 'string',
      value: 'N',
      help: `Rotated logs younger than this stay; left out: ${collectionDefaults.warmDays}`,
    },
    'max-mb': {
      type: 'string',
      value: 'N',
      help: `Size in MiB to bring it to; left out: ${collectionDefaults.maxTotalMb}`,
    },
    'dry-run': { type: 'boolean', help: 'Say what would go and touch nothing' },
  },
  async run({ options }, { terminal }) {
    const catalog = requiredCatalog(options['catalog-dir'])
    const days = { least: 0, most: mostDays, whole: false }
    const pins = new PinList(catalog)
    using signals = new StopSignals()
    const stop = new AbortController()
    void signals.asked.then(() => stop.abort(new GuardhouseError('conflict', 'the collection was interrupted')))
    const { stats } = await collectCatalog({
      catalog,
      hotDays: readNumber('hot-days', options['hot-days'], days) ?? collectionDefaults.hotDays,
      warmDays: readNumber('warm-days', options['warm-days'], days) ?? collectionDefaults.warmDays,
      maxTotalMb:
        readNumber('max-mb', options['max-mb'], { least: 0, most: Number.MAX_SAFE_INTEGER, whole: false }) ??
        collectionDefaults.maxTotalMb,
      dryRun: options['dry-run'],
      nowMs: Date.now(),
      rotate: true,
      signal: stop.signal,
      isPinned: (name) => pins.has(name.slice(0, -'.json'.length)),
    })
    terminal.printJson(stats)
    return exitCodes.ok
  },
})

function requiredCatalog(given: string | undefined): string {
  if (given === undefined || given === '') {
    throw new GuardhouseError('bad-request', '--catalog-dir is missing', {
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
