import { type Dirent, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CatalogReceipt, readCatalogReceipt } from './catalog-receipt.ts'
import { Turn } from './turn.ts'

/** Names in the catalog that no receipt can claim as its body. */
export const receiptsFolder = 'receipts'
export const tupleLog = 'tuples.jsonl'
export const rotatedLog = /^tuples-(\d{8})(?:-\d+)?\.jsonl(?:\.gz)?$/
const ownNames = /^(?:receipts(?:$|[./])|tuples(?:$|[-.]))/

/** A regular file below the catalog; its path is relative to it, with forward slashes. */
export interface CatalogFile {
  readonly path: string
  readonly bytes: number
  readonly modifiedMs: number
}

/** Everything that lies in a catalog. */
export interface CatalogScan {
  readonly catalog: string
  readonly totalBytes: number
  /** Files that may be bodies, by path. Found by walking, so nothing outside of the catalog or behind a link is among them. */
  readonly bodies: ReadonlyMap<string, CatalogFile>
  readonly receipts: readonly CatalogReceipt[]
  /** Names of receipt files that cannot be read as one. */
  readonly unreadable: readonly string[]
  readonly log: CatalogFile | null
  /** Oldest first. */
  readonly rotatedLogs: readonly CatalogFile[]
}

export interface ScanHints {
  /** What is known of a receipt file already, to spare reading it. */
  known(name: string): CatalogReceipt | undefined
}

/** Looks at every file of a catalog. One that is not there is an empty one. Rejects with the signal's reason. */
export async function scanCatalog(catalog: string, signal: AbortSignal, hints?: ScanHints): Promise<CatalogScan> {
  const turn = new Turn(signal)
  const files = new Map<string, CatalogFile>()
  const receipts: CatalogReceipt[] = []
  const unreadable: string[] = []
  const rotatedLogs: CatalogFile[] = []
  let log: CatalogFile | null = null
  let totalBytes = 0
  for (const { folder, entry } of walk(catalog)) {
    if (turn.over) await turn.pause()
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    const isReceipt = folder === receiptsFolder && entry.name.endsWith('.json')
    const known = isReceipt ? hints?.known(entry.name) : undefined
    if (known !== undefined) {
      receipts.push(known)
      totalBytes += known.bytes
      continue
    }
    const file = lookAt(catalog, path)
    // Gone since its folder was read.
    if (file === null) continue
    totalBytes += file.bytes
    if (isReceipt) {
      const receipt = readReceiptFile(join(catalog, path), entry.name)
      if (receipt === null) unreadable.push(entry.name)
      else receipts.push(receipt)
    } else if (path === tupleLog) log = file
    else if (rotatedLog.test(path)) rotatedLogs.push(file)
    else if (!ownNames.test(path)) files.set(path, file)
  }
  rotatedLogs.sort((left, right) => (left.path < right.path ? -1 : 1))
  return { catalog, totalBytes, bodies: files, receipts, unreadable, log, rotatedLogs }
}

/** Every entry that is no folder, folder by folder; links are entries and never followed. */
function* walk(catalog: string, folder = ''): Generator<{ folder: string; entry: Dirent }> {
  for (const entry of listFolder(join(catalog, folder))) {
    if (entry.isDirectory()) yield* walk(catalog, folder === '' ? entry.name : `${folder}/${entry.name}`)
    else if (entry.isFile()) yield { folder, entry }
  }
}

function listFolder(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true })
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

function lookAt(catalog: string, path: string): CatalogFile | null {
  const facts = lstatSync(join(catalog, path), { throwIfNoEntry: false })
  return facts?.isFile() ? { path, bytes: facts.size, modifiedMs: facts.mtimeMs } : null
}

function readReceiptFile(path: string, name: string): CatalogReceipt | null {
  try {
    return readCatalogReceipt(name, readFileSync(path))
  } catch {
    // Not readable for us: left alone, and counted.
    return null
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}
