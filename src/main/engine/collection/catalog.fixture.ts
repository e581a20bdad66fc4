import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { object } from '../json/value.ts'
import { instantText } from '../receipts/instant.ts'
import { makeReceipt, type Receipt } from '../receipts/receipt.ts'
import { type CatalogCollection, type CatalogSettings, collectCatalog } from './collect-catalog.ts'

/** 2026-06-01T12:00:00Z */
export const testNow = Date.UTC(2026, 5, 1, 12)
const dayMs = 86_400_000

/** A catalog in a folder of its own, gone when disposed. */
export class TestCatalog implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'guardhouse-catalog-'))
  readonly path = join(this.folder, 'catalog')
  #count = 0

  constructor() {
    mkdirSync(this.path)
  }

  write(path: string, content: string | Buffer, ageDays?: number): void {
    const whole = join(this.path, path)
    mkdirSync(dirname(whole), { recursive: true })
    writeFileSync(whole, content)
    if (ageDays === undefined) return
    const at = new Date(testNow - ageDays * dayMs)
    utimesSync(whole, at, at)
  }

  /** A receipt that ended so many days ago and names these bodies; those with a size are written. */
  receipt(ageDays: number, bodies: Readonly<Record<string, number | null>>): Receipt {
    const ended = (testNow - ageDays * dayMs) * 1000
    this.#count += 1
    const receipt = makeReceipt({
      yool: 'test.case',
      args: object({ n: this.#count }),
      status: 'ok',
      startedAt: instantText(ended - 1_000_000),
      endedAt: instantText(ended),
      artifacts: Object.entries(bodies).map(([path, size]) => ({
        path,
        sha256: 'a'.repeat(64),
        sizeBytes: size ?? 0,
        mime: 'text/plain',
      })),
    })
    this.write(`receipts/${receipt.id}.json`, receipt.text)
    for (const [path, size] of Object.entries(bodies)) if (size !== null) this.write(path, Buffer.alloc(size, 'x'))
    return receipt
  }

  collect(settings: Partial<CatalogSettings> = {}): Promise<CatalogCollection> {
    return collectCatalog({
      catalog: this.path,
      hotDays: 30,
      warmDays: 365,
      maxTotalMb: 5000,
      dryRun: false,
      nowMs: testNow,
      keepsLogs: false,
      signal: new AbortController().signal,
      ...settings,
    })
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
