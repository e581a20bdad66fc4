import { appendFileSync, existsSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { PurgeRecord } from '../receipts/purge-record.ts'
import { readReceipt } from '../receipts/receipt.ts'
import { insteadOf } from '../system/instead-of.fixture.ts'
import { TestCatalog, testNow } from './catalog.fixture.ts'
import { FolderCache, scanCatalog } from './catalog-scan.ts'
import { largestLog, mustRotate } from './log-rotation.ts'

const kib = 1024
const mib = 1024 * 1024

describe('by age', () => {
  it('removes the bodies of receipts older than the hot days, and leaves the receipts as they were made', async () => {
    using catalog = new TestCatalog()
    const old = catalog.receipt(31, { 'artifacts/old.bin': kib })
    const young = catalog.receipt(29, { 'artifacts/young.bin': kib })
    const { stats } = await catalog.collect()
    expect(stats).toMatchObject({ phase1_purged_files: 1, phase1_freed_mb: kib / mib, phase2_purged_files: 0 })
    expect(readdirSync(join(catalog.path, 'artifacts'))).toEqual(['young.bin'])
    expect(readFileSync(join(catalog.path, 'receipts', `${old.id}.json`), 'utf8')).toBe(old.text)
    const record = new PurgeRecord(catalog.path)
    expect(record.get(`${old.id}.json`)).toMatchObject({ at: '2026-06-01T12:00:00+00:00', files: 1, bytes: kib })
    expect(record.has(`${young.id}.json`)).toBe(false)
  })

  it('keeps a body as long as a younger receipt needs it, whatever way its path is written', async () => {
    using catalog = new TestCatalog()
    catalog.receipt(90, { 'artifacts/shared.bin': 10 })
    catalog.receipt(1, { './artifacts//x/../shared.bin': null })
    const { stats } = await catalog.collect()
    expect(stats).toMatchObject({ phase1_purged_files: 0, kept_shared: 1 })
    expect(existsSync(join(catalog.path, 'artifacts/shared.bin'))).toBe(true)
  })

  it('removes a body that only old receipts share, once, and records it for all of them', async () => {
    using catalog = new TestCatalog()
    const first = catalog.receipt(90, { 'artifacts/shared.bin': 10 })
    const second = catalog.receipt(60, { 'artifacts/shared.bin': 10 })
    const { stats } = await catalog.collect()
    expect(stats).toMatchObject({ phase1_purged_files: 1, kept_shared: 0 })
    const record = new PurgeRecord(catalog.path)
    expect([first, second].map(({ id }) => record.has(`${id}.json`))).toEqual([true, true])
  })

  it('holds what a person has pinned, also against the cap', async () => {
    using catalog = new TestCatalog()
    const { id } = catalog.receipt(400, { 'artifacts/held.bin': mib })
    const { stats } = await catalog.collect({ isPinned: (name) => name === `${id}.json`, maxTotalMb: 0 })
    expect(stats).toMatchObject({ phase1_purged_files: 0, phase2_purged_files: 0, kept_pinned: 1 })
  })

  it('takes 0 days and 0 MiB for what they say', async () => {
    using catalog = new TestCatalog()
    catalog.receipt(0.5, { 'artifacts/a.bin': 10 })
    expect((await catalog.collect({ hotDays: 1 })).stats.phase1_purged_files).toBe(0)
    expect((await catalog.collect({ hotDays: 0 })).stats.phase1_purged_files).toBe(1)
    catalog.receipt(0.5, { 'artifacts/b.bin': 10 })
    expect((await catalog.collect({ maxTotalMb: 0 })).stats.phase2_purged_files).toBe(1)
    catalog.write('tuples-20260531.jsonl.gz', 'x')
    expect((await catalog.collect({ warmDays: 0 })).stats.removed_logs).toBe(1)
  })

  it('has it recorded on the disk before a body goes', async () => {
    using catalog = new TestCatalog()
    const { id } = catalog.receipt(90, { 'artifacts/a.bin': 10 })
    let synced = 0
    using _counted = insteadOf('fsyncSync', (sync) => (file: number) => {
      sync(file)
      synced += 1
    })
    const isNeeded = () => {
      expect([new PurgeRecord(catalog.path).has(`${id}.json`), synced]).toEqual([true, 1])
      return false
    }
    expect((await catalog.collect({ isNeeded })).stats).toMatchObject({ phase1_purged_files: 1, failed_files: 0 })
  })

  it.each([90, 3])('finishes a removal that was cut off after it had been recorded, of %i days', async (days) => {
    using catalog = new TestCatalog()
    const { id } = catalog.receipt(days, { 'artifacts/a.bin': 10 })
    new PurgeRecord(catalog.path).add([{ name: `${id}.json`, at: '2026-05-01T00:00:00+00:00', files: 1, bytes: 10 }])
    const { stats } = await catalog.collect()
    expect(stats.phase1_purged_files).toBe(1)
    expect(new PurgeRecord(catalog.path).get(`${id}.json`)?.at).toBe('2026-05-01T00:00:00+00:00')
  })
})

describe('what is touched', () => {
  it('is never anything outside of the catalog, nor behind a link, nor a receipt or a log', async () => {
    using catalog = new TestCatalog()
    const outside = join(catalog.folder, 'outside.bin')
    writeFileSync(outside, 'x')
    symlinkSync(catalog.folder, join(catalog.path, 'link'))
    const victim = catalog.receipt(1, {})
    catalog.write('tuples.jsonl', '{}\n', 0)
    const own = ['receipts.sqlite', 'receipts.purged.jsonl', 'receipts.quarantine/x', 'tuples-20260531-2.jsonl.gz']
    for (const path of own) catalog.write(path, '', 100)
    catalog.receipt(90, { '../outside.bin': null, [outside]: null, 'link/outside.bin': null, 'C:\\x': null })
    const claimed = ['tuples.jsonl', `receipts/${victim.id}.json`, ...own]
    catalog.receipt(90, Object.fromEntries(claimed.map((path) => [path, null])))
    const { stats } = await catalog.collect({ maxTotalMb: 0, keepsLogs: true })
    expect(stats).toMatchObject({ phase1_purged_files: 0, phase2_purged_files: 0, refused_paths: 3, failed_files: 0 })
    expect(claimed.filter((path) => !existsSync(join(catalog.path, path)))).toEqual([])
    expect(existsSync(outside)).toBe(true)
    expect(existsSync(join(catalog.path, `receipts/${victim.id}.json`))).toBe(true)
  })

  it('leaves out files that are no receipts and receipts without a time, and goes on', async () => {
    using catalog = new TestCatalog()
    catalog.receipt(90, { 'artifacts/a.bin': 10 })
    catalog.write('receipts/array.json', '[]')
    catalog.write('receipts/torn.json', '{"artifacts":[{"path":"artifacts/b.b')
    catalog.write('receipts/when.json', '{"ended_at":"one day","artifacts":[{"path":"artifacts/c.bin"}]}')
    catalog.write('artifacts/c.bin', 'c')
    const { stats } = await catalog.collect({ maxTotalMb: 0 })
    expect(stats).toMatchObject({ phase1_purged_files: 1, phase2_purged_files: 0, skipped_receipts: 3 })
  })
})

describe('bodies stored by content', () => {
  it('go after the hot days when no receipt names them, however many there are', async () => {
    using catalog = new TestCatalog()
    const own = (letter: string) => `artifacts/${letter}${letter}/${letter.repeat(64)}`
    catalog.write(own('a'), 'x', 31)
    catalog.write(`${own('a')}.77-1.partial`, 'half', 31)
    catalog.write(own('b'), 'x', 29)
    catalog.write('artifacts/of-others.bin', 'x', 400)
    catalog.receipt(1, { [own('c')]: null })
    catalog.write(own('c'), 'x', 31)
    const { stats } = await catalog.collect()
    expect(stats).toMatchObject({ removed_orphans: 2, removed_orphans_mb: 5 / mib, phase1_purged_files: 0 })
    expect(['a', 'b', 'c'].map((letter) => existsSync(join(catalog.path, own(letter))))).toEqual([false, true, true])
    expect(existsSync(join(catalog.path, 'artifacts/of-others.bin'))).toBe(true)
  })
})

describe('the cap', () => {
  it('takes the oldest bodies until the whole fits, past receipts whose bodies are gone', async () => {
    using catalog = new TestCatalog()
    catalog.receipt(9, { 'artifacts/missing.bin': null })
    catalog.receipt(8, { 'artifacts/a.bin': mib })
    catalog.receipt(7, { 'artifacts/b.bin': mib })
    const { stats } = await catalog.collect({ maxTotalMb: 1.5 })
    expect(stats).toMatchObject({ phase2_purged_files: 1, phase2_freed_mb: 1 })
    expect(stats.size_after_mb).toBeLessThan(1.5)
    expect(readdirSync(join(catalog.path, 'artifacts'))).toEqual(['b.bin'])
  })

  it('is planned by a dry run that ends and touches nothing', async () => {
    using catalog = new TestCatalog()
    catalog.receipt(3, { 'artifacts/a.bin': mib })
    catalog.receipt(2, { 'artifacts/b.bin': mib })
    const { stats, plan } = await catalog.collect({ maxTotalMb: 1, dryRun: true })
    expect(stats).toMatchObject({ phase2_purged_files: 2, dry_run: true, size_after_mb: stats.size_before_mb })
    expect(plan.byCap.map(({ receipt }) => receipt.bodies)).toEqual([['artifacts/a.bin'], ['artifacts/b.bin']])
    expect(readdirSync(catalog.path).sort()).toEqual(['artifacts', 'receipts'])
  })

  it('costs one look at each folder, however many receipts lose their bodies', async () => {
    using catalog = new TestCatalog()
    for (let n = 0; n < 50; n += 1) catalog.receipt(n / 10, { [`artifacts/${n}.bin`]: kib })
    let looks = 0
    using _counted = insteadOf('readdirSync', (read) => (...values: never[]) => {
      looks += 1
      return (read as (...values: never[]) => unknown)(...values)
    })
    expect((await catalog.collect({ maxTotalMb: 0 })).stats.phase2_purged_files).toBe(50)
    // The catalog itself, receipts and artifacts.
    expect(looks).toBe(3)
  })

  it('frees a shared body when the last receipt that names it has its turn', async () => {
    using catalog = new TestCatalog()
    catalog.receipt(3, { 'artifacts/a.bin': mib })
    catalog.receipt(2, { 'artifacts/b.bin': mib })
    catalog.receipt(1, { 'artifacts/a.bin': null })
    await catalog.collect({ maxTotalMb: 1.5 })
    expect(readdirSync(join(catalog.path, 'artifacts'))).toEqual(['a.bin'])
    await catalog.collect({ maxTotalMb: 0.5 })
    expect(readdirSync(join(catalog.path, 'artifacts'))).toEqual([])
  })

  it('takes rotated logs, oldest first, once no body is left', async () => {
    using catalog = new TestCatalog()
    catalog.write('tuples-20260501.jsonl.gz', Buffer.alloc(mib))
    catalog.write('tuples-20260502.jsonl.gz', Buffer.alloc(mib))
    const { stats } = await catalog.collect({ maxTotalMb: 1 })
    expect(stats).toMatchObject({ removed_logs: 1, removed_logs_mb: 1, size_after_mb: 1 })
    expect(readdirSync(catalog.path)).toEqual(['tuples-20260502.jsonl.gz'])
  })
})

describe('the tuple log', () => {
  const line = (at: string) => `{"op": "out", "at": "${at}", "tuple": {}}\n`

  it('is rotated when its first line is of an earlier day, though it is in daily use', async () => {
    using catalog = new TestCatalog()
    const text = line('2026-05-31T23:59:59+00:00') + line('2026-06-01T11:00:00+00:00')
    catalog.write('tuples.jsonl', text, 0.01)
    expect((await catalog.collect()).stats.rotated).toBe(true)
    expect(gunzipSync(readFileSync(join(catalog.path, 'tuples-20260601.jsonl.gz'))).toString()).toBe(text)
    expect(readFileSync(join(catalog.path, 'tuples.jsonl'), 'utf8')).toBe('')
    // Empty now: not rotated again.
    expect((await catalog.collect()).stats.rotated).toBe(false)
  })

  it('is rotated at its largest size too, and by its last change where its first line does not tell', () => {
    using catalog = new TestCatalog()
    const must = (bytes: number, ageDays: number) =>
      mustRotate(catalog.path, { path: 'tuples.jsonl', bytes, modifiedMs: testNow - ageDays * 86_400_000 }, testNow)
    catalog.write('tuples.jsonl', line('2026-06-01T00:00:00+00:00'))
    expect([must(largestLog - 1, 0), must(largestLog, 0)]).toEqual([false, true])
    catalog.write('tuples.jsonl', 'no line of a log')
    expect([must(1, 0), must(1, 1), must(0, 1)]).toEqual([false, true, false])
  })

  it('loses no line that is written while it is rotated', async () => {
    using catalog = new TestCatalog()
    const path = join(catalog.path, 'tuples.jsonl')
    catalog.write('tuples.jsonl', line('2026-05-31T23:59:59+00:00').repeat(20_000), 1)
    let written = 20_000
    let over = false
    const collecting = catalog.collect().finally(() => {
      over = true
    })
    while (!over) {
      appendFileSync(path, line('2026-06-01T12:00:00+00:00'))
      written += 1
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect((await collecting).stats.rotated).toBe(true)
    const packed = gunzipSync(readFileSync(join(catalog.path, 'tuples-20260531.jsonl.gz'))).toString()
    const lines = (packed + readFileSync(path, 'utf8')).split('\n').length - 1
    expect(lines).toBe(written)
  })

  it('stays when it is of today, and gets a sequence number when the name of its day is taken', async () => {
    using catalog = new TestCatalog()
    catalog.write('tuples.jsonl', line('2026-06-01T00:00:00+00:00'), 0.01)
    expect((await catalog.collect()).stats.rotated).toBe(false)
    catalog.write('tuples.jsonl', 'x', 3)
    catalog.write('tuples-20260529.jsonl.gz', 'taken')
    expect((await catalog.collect()).stats.rotated).toBe(true)
    expect(readdirSync(catalog.path).sort()).toEqual([
      'tuples-20260529-2.jsonl.gz',
      'tuples-20260529.jsonl.gz',
      'tuples.jsonl',
    ])
  })

  it('is removed after the warm days, once it is rotated', async () => {
    using catalog = new TestCatalog()
    catalog.write('tuples-20240101.jsonl.gz', 'old')
    catalog.write('tuples-20260101.jsonl.gz', 'young')
    expect((await catalog.collect()).stats.removed_logs).toBe(1)
    expect(readdirSync(catalog.path)).toEqual(['tuples-20260101.jsonl.gz'])
  })
})

it('a run that is cancelled keeps what it has done, says so, and the next one finishes it', async () => {
  using catalog = new TestCatalog()
  for (let n = 0; n < 600; n += 1) catalog.receipt(90, { [`artifacts/${n}.bin`]: 1 })
  const controller = new AbortController()
  const { stats } = await catalog.collect({
    signal: controller.signal,
    progress: ({ step, done }) => {
      if (step === 'bodies by age' && done > 0) controller.abort()
    },
  })
  expect(stats).toMatchObject({ cancelled: true, phase1_purged_files: 256 })
  expect(new PurgeRecord(catalog.path).size).toBe(256)
  expect((await catalog.collect()).stats).toMatchObject({ cancelled: false, phase1_purged_files: 344 })
})

it('a catalog that is not there is an empty one, and is not made', async () => {
  using catalog = new TestCatalog()
  const absent = join(catalog.folder, 'absent')
  expect((await catalog.collect({ catalog: absent })).stats).toMatchObject({ size_before_mb: 0, size_after_mb: 0 })
  expect(existsSync(absent)).toBe(false)
})

it('a line of the purge record cut in half is as if it had not been written', () => {
  using catalog = new TestCatalog()
  const record = new PurgeRecord(catalog.path)
  record.add([{ name: 'a.json', at: '2026-05-01T00:00:00+00:00', files: 1, bytes: 1 }])
  const path = join(catalog.path, 'receipts.purged.jsonl')
  writeFileSync(path, `${readFileSync(path, 'utf8')}{"name":"b.js`)
  const read = new PurgeRecord(catalog.path)
  read.add([{ name: 'c.json', at: '2026-05-02T00:00:00+00:00', files: 1, bytes: 1 }])
  const again = new PurgeRecord(catalog.path)
  expect(['a.json', 'b.json', 'c.json'].map((name) => again.has(name))).toEqual([true, false, true])
})

it('receipts that are emptied still verify', async () => {
  using catalog = new TestCatalog()
  const { id } = catalog.receipt(90, { 'artifacts/a.bin': 1 })
  await catalog.collect({ nowMs: testNow })
  expect(readReceipt(readFileSync(join(catalog.path, `receipts/${id}.json`), 'utf8')).id).toBe(id)
})

it('a scan with a memory of folders sees what came and went since', async () => {
  using catalog = new TestCatalog()
  const signal = new AbortController().signal
  const hints = { known: () => undefined, folders: new FolderCache() }
  const settle = () => {
    const before = new Date(Date.now() - 10_000)
    for (const folder of ['artifacts', 'receipts']) utimesSync(join(catalog.path, folder), before, before)
  }
  catalog.receipt(1, { 'artifacts/a.bin': 10 })
  settle()
  const first = await scanCatalog(catalog.path, signal, hints)
  expect(await scanCatalog(catalog.path, signal, hints)).toEqual(first)
  catalog.receipt(1, { 'artifacts/b.bin': 10 })
  const second = await scanCatalog(catalog.path, signal, hints)
  expect([...second.bodies.keys()].sort()).toEqual(['artifacts/a.bin', 'artifacts/b.bin'])
  expect(second.receipts).toHaveLength(2)
})
