import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DatedCollectable } from '../../collection/dated-collectable.ts'
import { rotatedParts } from './rotated-parts.ts'

const dayMs = 86_400_000
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guardhouse-parts-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function write(name: string, lines: readonly string[], ageDays: number): void {
  const text = lines.map((line) => `${line}\n`).join('')
  const path = join(folder, name)
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text)
  const at = new Date(Date.now() - ageDays * dayMs)
  utimesSync(path, at, at)
}

async function collect(residents: readonly string[]) {
  const path = join(folder, 'tuples.jsonl')
  const part = new DatedCollectable(rotatedParts({ path, residents: async () => new Set(residents) }))
  const removal = await part.collect({
    policy: { hotDays: 30, warmDays: 365, maxTotalBytes: 0 },
    maxBytes: 0,
    nowMs: Date.now(),
    dryRun: false,
    signal: new AbortController().signal,
    progress: () => undefined,
  })
  return { removal, left: readdirSync(folder).sort() }
}

const out = (id: string) => JSON.stringify({ op: 'out', at: '2026-01-01T00:00:00+00:00', tuple: { id } })
const taken = (id: string) => JSON.stringify({ op: 'in', at: '2026-01-01T00:00:00+00:00', tuple: { id } })

describe('rotated parts of the tuple log', () => {
  it('go when none of their tuples is in the space, and the growing file stays', async () => {
    write('tuples-20260101-0001.jsonl.gz', [out('a'), taken('a')], 20)
    write('tuples-20260102-0001.jsonl', [out('b'), '{"torn'], 10)
    write('tuples.jsonl', [taken('b')], 0)
    const { removal, left } = await collect(['c'])
    expect(removal).toMatchObject({ items: 2, notes: [] })
    expect(left).toEqual(['tuples.jsonl'])
  })

  it('stay from the first part on in which a tuple of the space stands', async () => {
    write('tuples-20260101-0001.jsonl.gz', [out('a'), taken('a')], 30)
    write('tuples-20260102-0001.jsonl.gz', [out('b')], 20)
    write('tuples-20260103-0001.jsonl.gz', [out('c'), taken('c')], 10)
    const { removal, left } = await collect(['b'])
    expect(removal.items).toBe(1)
    expect(removal.notes).toEqual(['1 that would be due stays: tuples that are on the bus now stand in it.'])
    expect(left).toEqual(['tuples-20260102-0001.jsonl.gz', 'tuples-20260103-0001.jsonl.gz'])
  })

  it('stay also when the tuple holds what other programs take for the end of a line, or numbers of any size', async () => {
    const tuple = '{"text": "a\u2028b\u0085c\rd", "big": 12345678901234567890, "id": "b"}'.replace('\r', '\\r')
    write('tuples-20260101-0001.jsonl', [`{"op": "out", "at": "2026-01-01T00:00:00+00:00", "tuple": ${tuple}}`], 30)
    expect((await collect(['b'])).left).toEqual(['tuples-20260101-0001.jsonl'])
    expect((await collect(['c'])).left).toEqual([])
  })

  it('stay when they cannot be read to their end', async () => {
    write('tuples-20260101-0001.jsonl.gz', [out('a')], 30)
    const path = join(folder, 'tuples-20260101-0001.jsonl.gz')
    writeFileSync(path, gzipSync(`${out('a')}\n`).subarray(0, 20))
    expect((await collect(['z'])).left).toEqual(['tuples-20260101-0001.jsonl.gz'])
  })
})
