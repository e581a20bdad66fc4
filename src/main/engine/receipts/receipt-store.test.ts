import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { object } from '../json/value.ts'
import { insteadOf } from '../system/instead-of.fixture.ts'
import { PurgeRecord } from './purge-record.ts'
import { makeReceipt, type Receipt, type ReceiptDraft } from './receipt.ts'
import { ReceiptStore } from './receipt-store.ts'
import { receiptGraph, verifyChain } from './verify-chain.ts'

class TestFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'guardhouse-receipts-'))

  fileOf({ id }: Receipt): string {
    return join(this.path, 'receipts', `${id}.json`)
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

let count = 0

function receipt(changes: Partial<ReceiptDraft> = {}): Receipt {
  count += 1
  return makeReceipt({
    yool: 'test.case',
    args: object({ n: count }),
    status: 'ok',
    startedAt: '2026-05-19T17:30:00Z',
    endedAt: '2026-05-19T17:30:01Z',
    ...changes,
  })
}

describe('a store', () => {
  it('finds what was put, also after it was opened anew', async () => {
    using folder = new TestFolder()
    const made = receipt()
    {
      using store = new ReceiptStore(folder.path)
      store.put([made])
      expect(readFileSync(folder.fileOf(made), 'utf8')).toBe(made.text)
      while (await store.settle());
      expect(store.index.get(made.id)?.pending).toBeNull()
    }
    using again = new ReceiptStore(folder.path)
    expect(again.get(made.id)).toEqual(made)
    expect(again.goodOf(made.inputHash)?.id).toBe(made.id)
    expect(JSON.parse(readFileSync(join(folder.path, 'receipts.index.json'), 'utf8'))).toEqual({
      [made.inputHash]: made.id,
    })
  })

  it('writes one file for one receipt, however many are there', () => {
    using folder = new TestFolder()
    using store = new ReceiptStore(folder.path)
    const writtenBy = (made: Receipt) => {
      let bytes = 0
      using _counted = insteadOf('writeSync', (write) => (...values: unknown[]) => {
        const taken = (write as (...values: unknown[]) => number)(...values)
        bytes += taken
        return taken
      })
      store.put([made])
      return bytes - made.text.length
    }
    expect(writtenBy(receipt())).toBe(0)
    store.put(Array.from({ length: 200 }, () => receipt()))
    expect(writtenBy(receipt())).toBe(0)
    expect(existsSync(join(folder.path, 'receipts.index.json'))).toBe(false)
  })

  it('leaves an index in the layout of the original, with the newest good receipt of each input', () => {
    using folder = new TestFolder()
    const args = object({ same: true })
    const newer = receipt({ args, endedAt: '2026-05-21T00:00:00Z' })
    const older = receipt({ args, endedAt: '2026-05-20T00:00:00Z' })
    const failed = receipt({ args, endedAt: '2026-05-22T00:00:00Z', status: 'error' })
    const other = receipt()
    {
      using store = new ReceiptStore(folder.path)
      store.put([newer, older, failed, other])
      expect(store.goodOf(older.inputHash)?.id).toBe(newer.id)
    }
    const entries = [newer, other].map(({ inputHash, id }) => `"${inputHash}":"${id}"`).sort()
    expect(readFileSync(join(folder.path, 'receipts.index.json'), 'utf8')).toBe(`{${entries.join(',')}}`)
  })

  it('writes a file again that was lost between the put and its sync', () => {
    using folder = new TestFolder()
    const made = receipt()
    {
      using store = new ReceiptStore(folder.path)
      store.put([made])
    }
    rmSync(folder.fileOf(made))
    writeFileSync(join(folder.path, 'receipts', 'x.partial'), '{"half')
    using again = new ReceiptStore(folder.path)
    expect(again.get(made.id).text).toBe(made.text)
    expect(readdirSync(join(folder.path, 'receipts'))).toEqual([`${made.id}.json`])
  })

  it('takes in what others put into its folder, and forgets what they removed', async () => {
    using folder = new TestFolder()
    const [ours, theirs] = [receipt(), receipt()]
    using store = new ReceiptStore(folder.path)
    store.put([ours])
    while (await store.settle());
    writeFileSync(folder.fileOf(theirs), theirs.text)
    rmSync(folder.fileOf(ours))
    store.takeIn()
    expect(store.goodOf(theirs.inputHash)?.id).toBe(theirs.id)
    expect(() => store.get(ours.id)).toThrow('there is no receipt')
    expect(store.count).toBe(1)
  })

  it('is shared by two at once, and neither loses what the other put', () => {
    using folder = new TestFolder()
    using first = new ReceiptStore(folder.path)
    using second = new ReceiptStore(folder.path)
    const made = Array.from({ length: 20 }, () => receipt())
    for (const [index, each] of made.entries()) (index % 2 === 0 ? first : second).put([each])
    for (const store of [first, second])
      expect(made.map(({ id }) => store.get(id).id)).toEqual(made.map(({ id }) => id))
    expect([first.count, second.count]).toEqual([20, 20])
  })

  it('rebuilds a damaged index from the files', () => {
    using folder = new TestFolder()
    const made = receipt()
    {
      using store = new ReceiptStore(folder.path)
      store.put([made])
    }
    for (const suffix of ['-wal', '-shm']) rmSync(join(folder.path, `receipts.sqlite${suffix}`), { force: true })
    writeFileSync(join(folder.path, 'receipts.sqlite'), 'this is no database, and it is long enough to be looked at')
    using again = new ReceiptStore(folder.path)
    expect(again.get(made.id).id).toBe(made.id)
    expect(again.count).toBe(1)
    expect(existsSync(join(folder.path, 'receipts.sqlite.damaged'))).toBe(true)
  })

  it.each(['../x', '', 'A'.repeat(64), `${'a'.repeat(64)}/..`, 'a'.repeat(63)])('refuses the id %j', (id) => {
    using folder = new TestFolder()
    using store = new ReceiptStore(folder.path)
    expect(() => store.get(id)).toThrow('is no receipt id')
  })
})

describe('as a cache', () => {
  it('only good results answer, whatever came after them', () => {
    using folder = new TestFolder()
    using store = new ReceiptStore(folder.path)
    const args = object({ same: true })
    const good = receipt({ args })
    const failed = receipt({ args, status: 'error', error: 'no', endedAt: '2026-05-20T00:00:00Z' })
    store.put([good, failed])
    expect(failed.inputHash).toBe(good.inputHash)
    expect(store.goodOf(good.inputHash)?.id).toBe(good.id)
    expect(store.query({ inputHash: good.inputHash }, 0, 10).matched).toBe(2)
  })

  it.each([
    ['torn', (text: string) => text.slice(0, 40)],
    ['an array', () => '[]'],
    ['changed', (text: string) => text.replace('"status":"ok"', '"status":"OK"')],
  ])('a receipt file that is %s is put aside and the next good one answers', (_what, damage) => {
    using folder = new TestFolder()
    using store = new ReceiptStore(folder.path)
    const args = object({ same: true })
    const older = receipt({ args })
    const newer = receipt({ args, endedAt: '2026-05-20T00:00:00Z' })
    store.put([older, newer])
    writeFileSync(folder.fileOf(newer), damage(newer.text))
    expect(() => store.get(newer.id)).toThrow()
    expect(store.goodOf(older.inputHash)?.id).toBe(older.id)
    expect(readdirSync(join(folder.path, 'receipts.quarantine'))).toEqual([`${newer.id}.json`])
  })
})

it('a receipt that cannot be read for a while answers nobody, and is not put aside', () => {
  using folder = new TestFolder()
  using store = new ReceiptStore(folder.path)
  const made = receipt()
  store.put([made])
  {
    using _busy = insteadOf('readFileSync', () => () => {
      throw Object.assign(new Error('too many open files'), { code: 'EMFILE' })
    })
    expect(store.goodOf(made.inputHash)).toBeNull()
    expect(() => store.get(made.id)).toThrow('too many open files')
  }
  expect(store.goodOf(made.inputHash)?.id).toBe(made.id)
  expect(existsSync(join(folder.path, 'receipts.quarantine'))).toBe(false)
})

it('what a disk takes piece by piece is written whole, and not at all when it gets full', () => {
  using folder = new TestFolder()
  using store = new ReceiptStore(folder.path)
  const [whole, half] = [receipt(), receipt()]
  const purge = (name: string) => ({ name, at: '2026-06-01T00:00:00+00:00', files: 1, bytes: 1 })
  const record = new PurgeRecord(folder.path)
  let room = Number.POSITIVE_INFINITY
  {
    using _small = insteadOf('writeSync', (write) => (file: number, bytes: Uint8Array, from: number) => {
      if (room <= 0) throw new Error('no space left')
      const taken = (write as (...values: unknown[]) => number)(file, bytes, from, Math.min(7, bytes.length - from))
      room -= taken
      return taken
    })
    expect(store.writeFile(whole.id, whole.text)).toBe(true)
    record.add([purge('a.json')])
    room = 10
    expect(store.writeFile(half.id, half.text)).toBe(false)
    room = 10
    expect(() => record.add([purge('b.json')])).toThrow('no space left')
  }
  record.add([purge('c.json')])
  expect(readdirSync(join(folder.path, 'receipts'))).toEqual([`${whole.id}.json`])
  expect(readFileSync(folder.fileOf(whole), 'utf8')).toBe(whole.text)
  const read = new PurgeRecord(folder.path)
  expect(['a', 'b', 'c'].map((name) => read.has(`${name}.json`))).toEqual([true, false, true])
})

describe('a chain', () => {
  it('is verified to its first receipt, with the bodies that are kept', () => {
    using folder = new TestFolder()
    using store = new ReceiptStore(folder.path)
    const root = receipt({ artifacts: [store.bodies.put(Buffer.from('whole'), 'text/plain')] })
    const middle = receipt({ parentId: root.id })
    const leaf = receipt({ parentId: middle.id })
    store.put([root, middle, leaf])
    expect(verifyChain(store, leaf.id)).toEqual({ valid: true, receipts: 3, bodies: 1, purgedBodies: 0, problems: [] })
    const { nodes, links, cut } = receiptGraph(store, middle.id, 10)
    expect(nodes.map(({ id }) => id).sort()).toEqual([root.id, middle.id, leaf.id].sort())
    expect(links).toHaveLength(2)
    expect(cut).toBe(false)
    expect(receiptGraph(store, middle.id, 2).cut).toBe(true)
  })

  it('is whole though another program has collected its bodies meanwhile', () => {
    using folder = new TestFolder()
    using store = new ReceiptStore(folder.path)
    const body = store.bodies.put(Buffer.from('whole'), 'text/plain')
    const made = receipt({ artifacts: [body] })
    store.put([made])
    expect(store.query({ purged: true }, 0, 10).matched).toBe(0)
    const purge = { name: `${made.id}.json`, at: '2026-06-01T00:00:00+00:00', files: 1, bytes: 5 }
    new PurgeRecord(folder.path).add([purge])
    rmSync(join(folder.path, body.path))
    expect(verifyChain(store, made.id)).toMatchObject({ valid: true, purgedBodies: 1 })
    expect(store.query({ purged: true }, 0, 10).rows).toMatchObject([{ id: made.id, purgedAt: purge.at }])
  })

  it('is broken by a changed ancestor, a missing one, and a changed body', () => {
    using folder = new TestFolder()
    using store = new ReceiptStore(folder.path)
    const body = store.bodies.put(Buffer.from('whole'), 'text/plain')
    const root = receipt({ artifacts: [body] })
    const middle = receipt({ parentId: root.id })
    const leaf = receipt({ parentId: middle.id })
    const orphan = receipt({ parentId: 'f'.repeat(64) })
    store.put([root, middle, leaf, orphan])
    writeFileSync(join(folder.path, body.path), 'WHOLE')
    expect(verifyChain(store, leaf.id).problems).toEqual([
      { id: root.id, problem: `its artifact ${body.path} is changed: its content has another hash` },
    ])
    writeFileSync(folder.fileOf(middle), middle.text.replace('"status":"ok"', '"status":"no"'))
    expect(verifyChain(store, leaf.id).problems[0]).toMatchObject({ id: middle.id })
    expect(verifyChain(store, orphan.id)).toMatchObject({
      valid: false,
      problems: [{ id: 'f'.repeat(64), problem: 'is named by another receipt and is not there' }],
    })
  })
})

it('a body is stored once for any number of receipts, and read only when it is unchanged and inside', () => {
  using folder = new TestFolder()
  using store = new ReceiptStore(folder.path)
  const body = store.bodies.put(Buffer.from('x'), 'text/plain')
  expect(store.bodies.put(Buffer.from('x'), 'text/plain')).toEqual(body)
  expect(store.bodies.read(body).toString()).toBe('x')
  expect(() => store.bodies.read({ ...body, path: '../x' })).toThrow('outside of the catalog')
  rmSync(join(folder.path, body.path))
  expect(() => store.bodies.read(body)).toThrow('is not kept any more')
})

it('lists receipts by what is asked, newest first', () => {
  using folder = new TestFolder()
  using store = new ReceiptStore(folder.path)
  const first = receipt({ yool: 'image.resize' })
  const second = receipt({ yool: 'image.100%', endedAt: '2026-05-21T00:00:00Z', status: 'error' })
  store.put([first, second])
  const ids = (filter: Parameters<ReceiptStore['query']>[0]) => store.query(filter, 0, 10).rows.map((row) => row.id)
  expect(ids({})).toEqual([second.id, first.id])
  expect(ids({ text: 'RESIZE' })).toEqual([first.id])
  expect(ids({ text: '%' })).toEqual([second.id])
  expect(ids({ status: 'error' })).toEqual([second.id])
  store.pins.set(first.id, { at: '2026-05-21T00:00:00+00:00', actor: 'me', reason: 'needed' })
  expect([ids({ pinned: true }), ids({ pinned: false }), ids({ purged: true })]).toEqual([[first.id], [second.id], []])
  using again = new ReceiptStore(folder.path)
  expect(again.summary(first.id)?.pinned).toBe(true)
})
