import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CatalogReceipt } from './catalog-receipt.ts'
import type { CatalogFile, CatalogScan } from './catalog-scan.ts'
import { type CollectionPlan, type PlanSettings, planCollection } from './collection-plan.ts'

const dayMs = 86_400_000
const now = 1000 * dayMs
const hotDays = 30
const warmDays = 365

interface MadeReceipt extends CatalogReceipt {
  readonly purged: boolean
  readonly pinned: boolean
}

interface MadeCatalog {
  readonly receipts: readonly MadeReceipt[]
  readonly files: readonly CatalogFile[]
  readonly logs: readonly CatalogFile[]
  readonly maxTotalBytes: number
}

// Some of the store's own making, which may be orphans, and some of others.
const paths = ['a', 'b', 'c', 'd']
  .map((letter) => `artifacts/${letter}${letter}/${letter.repeat(64)}`)
  .concat(['x', 'y'])
const days = fc.integer({ min: 0, max: 60 })

const catalogs: fc.Arbitrary<MadeCatalog> = fc.record({
  receipts: fc
    .array(
      fc.record({
        age: fc.option(days),
        bodies: fc.uniqueArray(fc.constantFrom(...paths), { maxLength: 4 }),
        state: fc.constantFrom('', '', '', 'marked', 'purged', 'pinned', 'purged and pinned'),
      }),
      { maxLength: 8 },
    )
    .map((made) =>
      made.map(({ age, bodies, state }, index) => ({
        ...{ name: `${index}.json`, bodies, refused: 0, bytes: 100 },
        endedAt: age === null ? 0 : (now - age * dayMs) * 1000,
        ...{ marked: state === 'marked', purged: state.includes('purged'), pinned: state.includes('pinned') },
      })),
    ),
  files: fc
    .uniqueArray(fc.record({ path: fc.constantFrom(...paths), bytes: fc.integer({ min: 0, max: 50 }), age: days }), {
      selector: ({ path }) => path,
    })
    .map((made) => made.map(({ path, bytes, age }) => ({ path, bytes, modifiedMs: now - age * dayMs }))),
  logs: fc.uniqueArray(fc.integer({ min: 1, max: 800 }), { maxLength: 3 }).map((ages) =>
    ages
      .map((age) => new Date(now - age * dayMs).toISOString().slice(0, 10).replaceAll('-', ''))
      .sort()
      .map((day) => ({ path: `tuples-${day}.jsonl.gz`, bytes: 40, modifiedMs: 0 })),
  ),
  maxTotalBytes: fc.oneof(fc.integer({ min: 0, max: 1200 }), fc.constant(Number.MAX_SAFE_INTEGER)),
})

function planOf({ receipts, files, logs, maxTotalBytes }: MadeCatalog): CollectionPlan {
  const scan: CatalogScan = {
    ...{ catalog: '/', receipts, unreadable: [], log: null, rotatedLogs: logs },
    totalBytes: sizeOf([...receipts, ...files, ...logs]),
    bodies: new Map(files.map((file) => [file.path, file])),
  }
  const is = (key: 'purged' | 'pinned') => (name: string) => receipts.some((each) => each.name === name && each[key])
  const settings: PlanSettings = {
    ...{ hotDays, warmDays, maxTotalBytes, now: now * 1000, keepsLogs: false },
    ...{ isPurged: is('purged'), isPinned: is('pinned') },
  }
  return planCollection(scan, settings)
}

/** What goes, worked out the slow way: after every step everything is looked at again. */
function goingOf({ receipts, files, logs, maxTotalBytes }: MadeCatalog): Set<string> {
  const going = new Set<string>()
  const givenUp = new Set<MadeReceipt>(receipts.filter(({ marked, purged, pinned }) => marked || (purged && !pinned)))
  const cutoff = now - hotDays * dayMs
  const named = (path: string, among: Iterable<MadeReceipt>) => [...among].some(({ bodies }) => bodies.includes(path))
  const holders = () => receipts.filter((each) => !givenUp.has(each))
  /** Bodies of these that nobody holds. */
  const letGo = (those: readonly MadeReceipt[]) => {
    for (const { path } of files) if (named(path, those) && !named(path, holders())) going.add(path)
  }
  const rest = () =>
    sizeOf([...receipts, ...files, ...logs].filter((each) => !('path' in each && going.has(each.path))))
  const mayGo = receipts.filter((each) => each.endedAt !== 0 && !each.pinned && !givenUp.has(each))
  const old = mayGo.filter(({ endedAt }) => endedAt < cutoff * 1000)
  for (const each of old) givenUp.add(each)
  letGo([...old, ...receipts.filter(({ purged, pinned }) => purged && !pinned)])
  for (const { path, modifiedMs } of files) {
    if (/^artifacts/.test(path) && modifiedMs < cutoff && !named(path, receipts)) going.add(path)
  }
  for (const { path } of logs) if (dayOf(path) < now - warmDays * dayMs) going.add(path)
  const young = mayGo.filter((each) => !old.includes(each) && each.bodies.length > 0)
  for (const each of young.sort((left, right) => left.endedAt - right.endedAt)) {
    if (rest() <= maxTotalBytes) break
    givenUp.add(each)
    letGo([...givenUp].filter(({ marked }) => !marked))
  }
  for (const { path } of logs) if (rest() > maxTotalBytes) going.add(path)
  return going
}

describe('a plan', () => {
  it('removes what a slow reckoning removes, and empties who named it', () => {
    fc.assert(
      fc.property(catalogs, (catalog) => {
        const { byAge, byCap, orphans, logs, sizeBefore, sizeAfter } = planOf(catalog)
        const emptied = [...byAge, ...byCap]
        const removed = [...emptied.flatMap(({ files }) => files), ...orphans, ...logs]
        const going = goingOf(catalog)
        expect(removed.map(({ path }) => path).sort()).toEqual([...going].sort())
        expect(sizeAfter).toBe(sizeBefore - sizeOf(removed))
        const names = new Set(emptied.map(({ receipt }) => receipt.name))
        for (const { name, bodies, marked, purged, pinned, endedAt } of catalog.receipts) {
          const loses = bodies.some((path) => going.has(path)) && !marked && endedAt !== 0
          expect([name, names.has(name) || purged], JSON.stringify(bodies)).toEqual([name, loses || purged])
          if (pinned || (endedAt === 0 && !purged)) expect(names.has(name)).toBe(false)
        }
      }),
      { numRuns: 300 },
    )
  })
})

function sizeOf(things: readonly { readonly bytes: number }[]): number {
  return things.reduce((sum, { bytes }) => sum + bytes, 0)
}

function dayOf(path: string): number {
  const [, year, month, day] = /(\d{4})(\d\d)(\d\d)/.exec(path) ?? []
  return Date.UTC(Number(year), Number(month) - 1, Number(day))
}
