import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { object } from '../../src/main/engine/json/value.ts'
import { makeReceipt } from '../../src/main/engine/receipts/receipt.ts'
import { ReceiptStore } from '../../src/main/engine/receipts/receipt-store.ts'
import { ReceiptsClient } from '../../src/main/engine/receipts/receipts-client.ts'
import type { PlainDraft } from '../../src/main/engine/receipts/store-messages.ts'
import { findEntries } from '../../src/main/entries.ts'

/** One figure beside its target and beside what the original reached on the machine of its own measurement. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly target: string
  readonly reached: boolean
  readonly original: string
}

const resident = 5000
const perRound = 5000
const rounds = 5
const collected = 10_000
const capped = 11
const kibibyte = 1024
const dayMs = 86_400_000
/** A catalog at rest: nothing was put or removed for so long, milliseconds. */
const settledMs = 2500
const nowMs = Date.UTC(2026, 5, 1, 12)

/** Puts through the receipts' thread, each acknowledged only when it is synced; many are under way at once. */
export async function measurePuts(): Promise<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'guardhouse-bench-'))
  const client = new ReceiptsClient(findEntries().receipts, folder, (text) => console.error(text))
  const put = (n: number) => client.put({ kind: 'plain', draft: draftOf(n) })
  await Promise.all(Array.from({ length: resident }, (_, n) => put(n)))
  const rates: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const from = performance.now()
    await Promise.all(Array.from({ length: perRound }, (_, n) => put(resident + round * perRound + n)))
    rates.push(perRound / ((performance.now() - from) / 1000))
  }
  await client.close()
  rmSync(folder, { recursive: true })
  const value = median(rates)
  return {
    name: `receipts put, durable, from ${resident} resident on`,
    value: Math.round(value),
    unit: 'per second',
    target: 'at least 5000',
    reached: value >= 5000,
    original: '47 at 5,000 resident, not durable',
  }
}

/** Collections of 10,000 receipts with a body of 1 KiB each, in the receipts' thread's own way: with its index. */
export async function measureCollections(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'guardhouse-bench-'))
  await fill(folder)
  const client = new ReceiptsClient(findEntries().receipts, folder, (text) => console.error(text))
  await client.opened
  const collect = async (hotDays: number, maxTotalMb: number, dryRun = false) => {
    const from = performance.now()
    const answer = await client.ask('collect', { hotDays, warmDays: 365, maxTotalMb, dryRun, nowMs, keepsLogs: false })
    return { ms: performance.now() - from, stats: answer.stats }
  }
  const first = await collect(1000, 5000)
  // Until then a folder may have changed without its time telling, and is read again.
  await setTimeout(settledMs)
  await collect(1000, 5000)
  const idle: number[] = []
  for (let round = 0; round < rounds; round += 1) idle.push((await collect(1000, 5000)).ms)
  const cap: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const { size_before_mb: size } = (await collect(1000, 5000)).stats
    // Between the 10th and the 11th body.
    const { ms, stats } = await collect(1000, size - ((capped - 0.5) * kibibyte) / 1_048_576)
    if (stats.phase2_purged_files !== capped) throw new Error(`the cap took ${stats.phase2_purged_files} bodies`)
    cap.push(ms)
  }
  const plan = await collect(0, 5000, true)
  const purge = await collect(0, 5000)
  await client.close()
  rmSync(folder, { recursive: true })
  return [
    limited(`collection over ${collected} receipts, idle`, median(idle), '1,350 ms'),
    limited(`cap phase, ${capped} of ${collected} removed`, median(cap), '11,900 ms'),
    told('the same, the first after a start', first.ms, 'ms', 'none of its own'),
    told('dry run, everything old', plan.ms, 'ms', '2,830 ms'),
    told(`removal of ${purge.stats.phase1_purged_files} bodies`, purge.ms, 'ms', '4,250 ms'),
  ]
}

async function fill(folder: string): Promise<void> {
  using store = new ReceiptStore(folder)
  mkdirSync(join(folder, 'artifacts'))
  const receipts = Array.from({ length: collected }, (_, n) => {
    const path = `artifacts/${n}.bin`
    writeFileSync(join(folder, path), Buffer.alloc(kibibyte, n))
    const ended = new Date(nowMs - (1 + (n % 300)) * dayMs + n).toISOString()
    return makeReceipt({
      yool: 'bench.collect',
      args: object({ n }),
      status: 'ok',
      startedAt: ended,
      endedAt: ended,
      artifacts: [{ path, sha256: 'a'.repeat(64), sizeBytes: kibibyte, mime: 'application/octet-stream' }],
    })
  })
  store.put(receipts)
  while (await store.settle());
}

function draftOf(n: number): PlainDraft {
  return {
    yool: 'bench.put',
    args: `{"n":${n},"text":"some words that an argument may have"}`,
    status: 'ok',
    startedAt: '2026-05-19T17:30:00Z',
    endedAt: '2026-05-19T17:31:12Z',
    error: null,
    parentId: null,
    files: [],
    env: [],
    cpuQuotaPct: 100,
    bodies: [],
  }
}

function limited(name: string, ms: number, original: string): Figure {
  return { ...told(name, ms, 'ms', original), target: 'at most 150 ms', reached: ms <= 150 }
}

function told(name: string, value: number, unit: string, original: string): Figure {
  return { name, value: Math.round(value * 10) / 10, unit, target: 'none', reached: true, original }
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN
}
