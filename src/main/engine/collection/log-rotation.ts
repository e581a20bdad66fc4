import { closeSync, createReadStream, createWriteStream, existsSync, openSync, readSync } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { readInstant } from '../receipts/instant.ts'
import { type CatalogFile, tupleLog } from './catalog-scan.ts'

/** A log this large is rotated whatever its day, bytes. */
export const largestLog = 64 * 1024 * 1024

/**
 * True when the log holds lines of an earlier day (UTC) than `nowMs`, or is too large. The day is that of its first line, so
 * that a log in daily use is rotated too; where that line does not tell, of its last change. An empty log never is.
 */
export function mustRotate(catalog: string, log: CatalogFile | null, nowMs: number): boolean {
  if (log === null || log.bytes === 0) return false
  const began = Math.min(firstLineMs(join(catalog, tupleLog)) ?? log.modifiedMs, log.modifiedMs)
  return log.bytes >= largestLog || day(began) < day(nowMs)
}

/**
 * Moves the log to `tuples-YYYYMMDD.jsonl.gz`, the day of its last change, with `-2`, `-3` … where the name is taken. Renamed
 * first, so that no line is lost to whoever opens it for each line; a crash on the way leaves the renamed log as it is.
 * Returns the size of the packed log, bytes.
 */
export async function rotateLog(catalog: string, log: CatalogFile): Promise<number> {
  const plain = freeName(catalog, day(log.modifiedMs))
  const packed = `${plain}.gz`
  await rename(join(catalog, tupleLog), join(catalog, plain))
  await makeEmpty(join(catalog, tupleLog))
  const partial = join(catalog, `${packed}.partial`)
  await pipeline(createReadStream(join(catalog, plain)), createGzip(), createWriteStream(partial, { flush: true }))
  await rename(partial, join(catalog, packed))
  await rm(join(catalog, plain))
  return (await stat(join(catalog, packed))).size
}

function freeName(catalog: string, stamp: string): string {
  for (let number = 1; ; number += 1) {
    const name = `tuples-${stamp}${number === 1 ? '' : `-${number}`}.jsonl`
    if (!existsSync(join(catalog, name)) && !existsSync(join(catalog, `${name}.gz`))) return name
  }
}

/** Unless a writer has made a new one already. */
async function makeEmpty(path: string): Promise<void> {
  if (await stat(path).catch(() => null)) return
  const file = await open(path, 'a')
  await file.close()
}

function firstLineMs(path: string): number | null {
  try {
    const [line = ''] = readStart(path).split('\n', 1)
    const { at } = JSON.parse(line) as { at?: unknown }
    const instant = typeof at === 'string' ? readInstant(at) : null
    return instant === null ? null : instant / 1000
  } catch {
    // Not a log of tuples, or a first line longer than what is read.
    return null
  }
}

function readStart(path: string): string {
  const file = openSync(path, 'r')
  try {
    const start = Buffer.alloc(65_536)
    return start.toString('utf8', 0, readSync(file, start))
  } finally {
    closeSync(file)
  }
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10).replaceAll('-', '')
}
