import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { DatedCollectable } from './dated-collectable.ts'
import { leftoverFiles } from './leftover-files.ts'

const dayMs = 86_400_000

test('only journals that were put aside and code of other versions are left over', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'guardhouse-leftovers-'))
  const age = (path: string, days: number) => {
    const at = new Date(Date.now() - days * dayMs)
    utimesSync(join(folder, path), at, at)
  }
  const write = (path: string, days: number) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), 'x'.repeat(100))
    age(path, days)
  }
  const stamp = '2026-01-02T03-04-05-678Z'
  write('journal/journal.sqlite', 400)
  write('journal/journal-2.sqlite', 400)
  write(`journal/journal.sqlite.damaged-${stamp}`, 400)
  write(`journal/journal.sqlite.damaged-${stamp}-wal`, 400)
  write(`journal/journal.sqlite.damaged-${stamp}-2`, 2)
  for (const version of ['1.0', '2.0']) {
    write(`code/${version}/some.js`, 400)
    age(`code/${version}`, 400)
  }
  const places = { journals: join(folder, 'journal'), code: join(folder, 'code'), codeInUse: join(folder, 'code/2.0') }
  const part = new DatedCollectable(leftoverFiles(places))
  const settings = {
    policy: { hotDays: 30, warmDays: 365, maxTotalBytes: 1000 },
    maxBytes: null,
    nowMs: Date.now(),
    signal: new AbortController().signal,
    progress: () => undefined,
  }
  expect(await part.collect({ ...settings, dryRun: true })).toMatchObject({ items: 3, bytes: 300 })
  expect(await part.collect({ ...settings, dryRun: false })).toMatchObject({ items: 3, bytes: 300 })
  expect(readdirSync(places.journals).sort()).toEqual([
    'journal-2.sqlite',
    'journal.sqlite',
    `journal.sqlite.damaged-${stamp}-2`,
  ])
  expect(readdirSync(places.code)).toEqual(['2.0'])
  rmSync(folder, { recursive: true })
  expect(await part.collect({ ...settings, dryRun: false })).toEqual({ items: 0, bytes: 0, notes: [] })
  expect(existsSync(folder)).toBe(false)
})
