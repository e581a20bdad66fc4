import { type Dirent, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
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
  /** Kept from one scan to the next by whoever scans the same catalog again. */
  readonly folders?: FolderCache
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
  for (const { folder, name, file: seen } of walk(catalog, hints?.folders)) {
    if (turn.over) await turn.pause()
    const path = folder === '' ? name : `${folder}/${name}`
    const isReceipt = folder === receiptsFolder && name.endsWith('.json')
    const known = isReceipt ? hints?.known(name) : undefined
    if (known !== undefined) {
      receipts.push(known)
      totalBytes += known.bytes
      continue
    }
    const file = seen ?? lookAt(catalog, path)
    // Gone since its folder was read.
    if (file === null) continue
    totalBytes += file.bytes
    if (isReceipt) {
      const receipt = readReceiptFile(join(catalog, path), name)
      if (receipt === null) unreadable.push(name)
      else receipts.push(receipt)
    } else if (path === tupleLog) log = file
    else if (rotatedLog.test(path)) rotatedLogs.push(file)
    else if (!ownNames.test(path)) files.set(path, file)
  }
  rotatedLogs.sort((left, right) => (left.path < right.path ? -1 : 1))
  return { catalog, totalBytes, bodies: files, receipts, unreadable, log, rotatedLogs }
}

interface Found {
  readonly folder: string
  readonly name: string
  /** Null where it was not looked at, because a receipt may be known already. */
  readonly file: CatalogFile | null
}

/** Every file, folder by folder; links are never followed. */
function* walk(catalog: string, cache: FolderCache | undefined, folder = ''): Generator<Found> {
  const content = cache?.get(catalog, folder)
  if (content !== undefined) {
    yield* content.files
    for (const inner of content.folders) yield* walk(catalog, cache, inner)
    return
  }
  const readAtMs = Date.now()
  const before = cache?.filesBefore(folder)
  const files: Found[] = []
  const folders: string[] = []
  for (const entry of listFolder(join(catalog, folder))) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) folders.push(path)
    else if (entry.isFile()) {
      const file = folder === receiptsFolder ? null : (before?.get(entry.name) ?? lookAt(catalog, path))
      const found = { folder, name: entry.name, file }
      files.push(found)
      yield found
    }
  }
  cache?.set(catalog, folder, { files, folders, readAtMs })
  for (const inner of folders) yield* walk(catalog, cache, inner)
}

interface FolderContent {
  readonly files: readonly Found[]
  readonly folders: readonly string[]
  readonly readAtMs: number
}

/** A folder changed so shortly before it was read may change again without its time telling, milliseconds. */
const settledMs = 2000

/**
 * What folders of bodies and receipts held when they were last looked at. Adding or removing a file changes the time of its
 * folder; bodies and receipts themselves do not change. Other folders are always read: logs grow in place.
 */
export class FolderCache {
  /** A time that equals none where the folder must be read again. */
  readonly #folders = new Map<string, FolderContent & { readonly modifiedMs: number }>()

  get(catalog: string, folder: string): FolderContent | undefined {
    const known = this.#folders.get(folder)
    return known !== undefined && known.modifiedMs === modifiedOf(catalog, folder) ? known : undefined
  }

  /** By name what a folder held before it changed: names came and went, but what stayed is as it was. */
  filesBefore(folder: string): ReadonlyMap<string, CatalogFile> {
    const files = this.#folders.get(folder)?.files ?? []
    return new Map(files.flatMap(({ name, file }) => (file === null ? [] : [[name, file]])))
  }

  /** To be called for a file that is no longer as it was. */
  forget(path: string): void {
    this.#folders.delete(posix.dirname(path))
  }

  set(catalog: string, folder: string, content: FolderContent): void {
    if (!/^(?:artifacts|receipts)(?:\/|$)/.test(folder)) return
    const modifiedMs = modifiedOf(catalog, folder)
    const settled = content.readAtMs - modifiedMs >= settledMs
    this.#folders.set(folder, { ...content, modifiedMs: settled ? modifiedMs : Number.NaN })
  }
}

function modifiedOf(catalog: string, folder: string): number {
  return lstatSync(join(catalog, folder), { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY
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
