import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { object } from '../../json/value.ts'
import { insteadOf } from '../../system/instead-of.fixture.ts'
import { temporaryFolder, writeText } from '../workspace.fixture.ts'
import { withFileLock } from './file-lock.ts'
import { fileStores } from './file-stores.ts'
import { headBytes } from './index-head.ts'
import { stagedStores } from './staged-stores.ts'

const line = (key: string, address: string, more = ''): string => `{"key": "${key}", "address": "${address}"${more}}\n`

describe('stores that many write to', () => {
  it('take over the lock of one who died, and of one who cannot be asked only after long', () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'names.jsonl')
    const dead = 2 ** 22 + 1
    writeText(`${path}.lock`, `${dead} ${hostname()}\n`)
    expect(withFileLock(path, () => 'mine')).toBe('mine')
    writeText(`${path}.lock`, '1 another-machine\n')
    utimesSync(`${path}.lock`, 0, 0)
    expect(withFileLock(path, () => 'mine')).toBe('mine')
    expect(existsSync(`${path}.lock`)).toBe(false)
  })
})

describe('staged stores', () => {
  const fill = (dataRoot: string) => {
    const stores = stagedStores(fileStores(dataRoot))
    const names = stores.registry('names.jsonl')
    const log = stores.log('events.jsonl')
    const state = stores.object('state.json')
    names.refresh()
    names.append(object({ key: 'new', address: 'A9' }))
    for (const number of [1, 2]) {
      log.append(object({ number: log.refresh() + number }))
    }
    state.write(object({ ...Object.fromEntries(state.read()), nonce: 2 }))
    return { stores, names, log, state }
  }

  it('show the run its own changes, and nobody else any before they are committed', () => {
    using folder = temporaryFolder()
    writeText(join(folder.path, 'names.jsonl'), line('old', 'A1'))
    const { stores, names, log, state } = fill(folder.path)
    expect([names.has('new'), names.find('A9')?.get('key'), names.count, names.has('old')]).toEqual([
      true,
      'new',
      2,
      true,
    ])
    expect([log.refresh(), log.readAll().length, state.read().get('nonce'), stores.changes]).toEqual([2, 2, 2, 3])
    expect(readFileSync(join(folder.path, 'names.jsonl'), 'utf8')).toBe(line('old', 'A1'))
    expect(existsSync(join(folder.path, 'state.json'))).toBe(false)
    stores.commit()
    expect(readFileSync(join(folder.path, 'names.jsonl'), 'utf8')).toBe(line('old', 'A1') + line('new', 'A9'))
    expect(linesOf(join(folder.path, 'events.jsonl'))).toEqual(['{"number": 1}', '{"number": 3}'])
    expect(readFileSync(join(folder.path, 'state.json'), 'utf8')).toBe('{\n  "nonce": 2\n}')
    expect(readdirSync(folder.path).sort()).toEqual(['events.jsonl', 'names.jsonl', 'state.json'])
  })

  it.each(['events.jsonl', 'names.jsonl', 'state.json'])(
    'keep nothing when somebody else changed one of them meanwhile: %s',
    (changed) => {
      using folder = temporaryFolder()
      const { stores } = fill(folder.path)
      appendFileSync(join(folder.path, changed), line('other', 'A2'))
      expect(() => stores.commit()).toThrow('Somebody else changed')
      for (const name of ['events.jsonl', 'names.jsonl', 'state.json']) {
        expect(linesOf(join(folder.path, name)), name).toEqual(name === changed ? [line('other', 'A2').trimEnd()] : [])
      }
    },
  )

  it('finish the commit of one who died in the middle of it, whatever was done by then', () => {
    using folder = temporaryFolder()
    const log = join(folder.path, 'events.jsonl')
    const changes = [
      { kind: 'append', path: log, at: 4, text: '{"b": 2}\n' },
      { kind: 'replace', path: join(folder.path, 'state.json'), text: '{}' },
    ]
    for (const written of ['', '{"b', '{"b": 2}\n']) {
      writeText(log, `{ }\n${written}`)
      writeText(join(folder.path, '.guardhouse-commit'), JSON.stringify(changes))
      expect(fileStores(folder.path).log('events.jsonl').refresh()).toBe(2)
      expect(readFileSync(log, 'utf8')).toBe('{ }\n{"b": 2}\n')
      expect(readdirSync(folder.path).sort()).toEqual(['events.jsonl', 'state.json'])
    }
  })

  it('finish it also when the death is noticed only at the lock', () => {
    using folder = temporaryFolder()
    const store = fileStores(folder.path).log('events.jsonl')
    const path = join(folder.path, 'events.jsonl')
    writeText(
      join(folder.path, '.guardhouse-commit'),
      JSON.stringify([{ kind: 'append', path, at: 0, text: '{"a": 1}\n' }]),
    )
    store.exclusively(() => store.append(object({ number: store.refresh() })))
    expect(linesOf(path)).toEqual(['{"a": 1}', '{"number": 1}'])
  })
})

describe('a record that is added', () => {
  const add = (folder: string, durable: boolean) => {
    const stores = fileStores(folder, { durable })
    for (const store of [stores.registry('names.jsonl'), stores.log('events.jsonl')]) {
      store.exclusively(() => {
        store.refresh()
        store.append(object({ key: 'a', address: 'A1' }))
      })
    }
  }

  it('is on the disk before the step goes on, where that is asked for', () => {
    using folder = temporaryFolder()
    let synced = 0
    using _counted = insteadOf('fsyncSync', (sync) => (file: number) => {
      sync(file)
      synced += 1
    })
    add(folder.path, false)
    expect(synced).toBe(0)
    add(folder.path, true)
    expect(synced).toBe(2)
  })

  it('leaves nothing of itself on a disk that is full in the middle of it', () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'events.jsonl')
    writeText(path, '{"first": 1}\n')
    {
      using _full = insteadOf('writeSync', (write) => (file: number, bytes: Uint8Array, from: number) => {
        if (from > 0) throw new Error('no space left on device')
        return (write as (...values: unknown[]) => number)(file, bytes, from, 5)
      })
      expect(() =>
        fileStores(folder.path)
          .log('events.jsonl')
          .append(object({ second: 2 })),
      ).toThrow('no space left')
    }
    expect(readFileSync(path, 'utf8')).toBe('{"first": 1}\n')
  })
})

describe('a long registry', () => {
  const many = (count: number): string => Array.from({ length: count }, (_, at) => line(`key ${at}`, `A${at}`)).join('')

  function open(folder: string) {
    const store = fileStores(join(folder, 'data'), { indexFolder: join(folder, 'cache') }).registry('names.jsonl')
    store.refresh()
    return store
  }

  it('is looked up by its index in the next process, and says what it would say without', () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'data', 'names.jsonl')
    const special = `${line('key 7', '', ', "tombstone": true')}${line('key 9', 'A8')}${line('key 7', 'A8')}${line('\u00e9\u{1f600}', 'A8')}`
    writeText(path, many(3000) + special)
    const plain = fileStores(join(folder.path, 'data')).registry('names.jsonl')
    plain.refresh()
    open(folder.path)
    expect(readdirSync(join(folder.path, 'cache'))).toHaveLength(1)
    const indexed = open(folder.path)
    expect(indexed.count).toBe(plain.count)
    for (const key of [
      'key 0',
      'key 7',
      'key 9',
      'key 2999',
      'key 3000',
      'A8',
      'A9',
      'A7',
      'A2999',
      '\u00e9\u{1f600}',
      5,
    ]) {
      expect([indexed.has(key), indexed.find(key)], String(key)).toEqual([plain.has(key), plain.find(key)])
    }
    expect(readFileSync(path, 'utf8')).toBe(many(3000) + special)
    expect(readdirSync(join(folder.path, 'data'))).toEqual(['names.jsonl'])
  })

  it('is read through its index, and not from its begin', () => {
    using folder = temporaryFolder()
    writeText(join(folder.path, 'data', 'names.jsonl'), many(5000))
    const look = () => expect(open(folder.path).has('key 4999')).toBe(true)
    const whole = bytesReadBy(look)
    expect(whole).toBeGreaterThan(100_000)
    expect(bytesReadBy(look)).toBeLessThan(whole / 10)
  })

  it('takes what is new into its index, also when others wrote it, and outgrows its table', () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'data', 'names.jsonl')
    writeText(path, many(2000))
    const first = open(folder.path)
    for (let at = 2000; at < 6000; at += 1) {
      if (at % 500 === 0) appendFileSync(path, line(`other ${at}`, `O${at}`))
      first.refresh()
      first.append(object({ key: `key ${at}`, address: `A${at}` }))
    }
    const next = open(folder.path)
    expect([next.count, next.has('key 0'), next.has('key 5999'), next.has('other 4500'), next.has('key 6000')]).toEqual(
      [6008, ...[true, true, true, false]],
    )
    expect(next.find('A5000')?.get('key')).toBe('key 5000')
  })

  it('does not believe its index once the file was changed behind it, or the index was damaged', () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'data', 'names.jsonl')
    const index = () => join(folder.path, 'cache', readdirSync(join(folder.path, 'cache'))[0] ?? '')
    writeText(path, many(2000))
    open(folder.path)
    writeFileSync(path, many(2000).replace('"key 5"', '"key X"'))
    expect([open(folder.path).has('key X'), open(folder.path).has('key 5')]).toEqual([true, false])
    // Written anew and longer, or replaced by a file that differs far from its end.
    writeFileSync(path, many(2000).replace('"key 1999"', '"key YYYY"') + line('more', 'M'))
    expect([open(folder.path).has('key YYYY'), open(folder.path).has('key 1999')]).toEqual([true, false])
    writeFileSync(
      `${path}.new`,
      many(2000).replace('"key 1999"', '"key YYYY"').replace('"key 5"', '"key Z"') + line('more', 'M').repeat(2),
    )
    renameSync(`${path}.new`, path)
    expect([open(folder.path).has('key Z'), open(folder.path).has('key 5')]).toEqual([true, false])
    writeFileSync(path, many(1500))
    expect(open(folder.path).count).toBe(1500)
    writeFileSync(index(), 'nonsense')
    expect(open(folder.path).count).toBe(1500)
    const kept = open(folder.path)
    rmSync(join(folder.path, 'cache'), { recursive: true })
    writeText(join(folder.path, 'cache'), 'no folder')
    for (let at = 0; at < 200; at += 1) {
      kept.refresh()
      kept.append(object({ key: `late ${at}`, address: `L${at}` }))
    }
    kept.refresh()
    expect([kept.count, kept.has('key 3'), kept.has('late 199')]).toEqual([1700, true, true])
    appendFileSync(path, 'broken\n')
    expect(() => open(folder.path)).toThrow('line 1701 of')
  })

  it('notices every damage of its index where it matters, answers all the same, and makes the index anew', () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'data', 'names.jsonl')
    writeText(path, many(2000))
    open(folder.path)
    const index = join(folder.path, 'cache', readdirSync(join(folder.path, 'cache'))[0] ?? '')
    const whole = readFileSync(index)
    const damages: Readonly<Record<string, Uint8Array>> = {
      'zeros instead of places': Buffer.concat([whole.subarray(0, headBytes), Buffer.alloc(whole.length - headBytes)]),
      'places moved by a page': Buffer.concat([
        whole.subarray(0, headBytes),
        whole.subarray(headBytes + 512),
        whole.subarray(headBytes, headBytes + 512),
      ]),
      'cut in the middle': whole.subarray(0, whole.length / 2),
      'cut in the head': whole.subarray(0, 60),
      'one bit of the head': Buffer.from(whole).fill((whole[50] ?? 0) ^ 1, 50, 51),
      'one bit of each page': Buffer.from(
        whole.map((byte, at) => (at > headBytes && at % 512 === 300 ? byte ^ 4 : byte)),
      ),
    }
    for (const [what, bytes] of Object.entries(damages)) {
      writeFileSync(index, bytes)
      const damaged = open(folder.path)
      expect(
        [damaged.count, damaged.has('key 3'), damaged.has('key 2000'), damaged.find('A1999')?.get('key')],
        what,
      ).toEqual([2000, true, false, 'key 1999'])
      damaged.refresh()
      damaged.refresh()
      expect(readFileSync(index).equals(whole), what).toBe(true)
    }
  })

  it('has a log beside it whose lines are counted once', () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'data', 'events.jsonl')
    const log = () =>
      fileStores(join(folder.path, 'data'), { indexFolder: join(folder.path, 'cache') }).log('events.jsonl')
    writeText(path, '{"record": "0123456789"}\n'.repeat(5000))
    expect(log().refresh()).toBe(5000)
    expect(readdirSync(join(folder.path, 'cache'))).toHaveLength(1)
    appendFileSync(path, '{}\n{}')
    expect(bytesReadBy(() => expect(log().refresh()).toBe(5002))).toBeLessThan(10_000)
  })
})

function bytesReadBy(work: () => void): number {
  let bytes = 0
  using _counted = insteadOf('readSync', (read) => (...values: unknown[]) => {
    const count = (read as (...values: unknown[]) => number)(...values)
    bytes += count
    return count
  })
  work()
  return bytes
}

function linesOf(path: string): string[] {
  return existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter((text) => text !== '')
    : []
}
