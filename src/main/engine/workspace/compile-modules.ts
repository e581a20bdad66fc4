import { readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { Worker } from 'node:worker_threads'
import { CodeCache } from './code-cache.ts'
import type { CompileData, CompileFile } from './compile-message.ts'
import type { FolderSnapshot } from './folder-snapshot.ts'
import { sourceCandidates } from './resolve-source.ts'
import { isOperationsModule, isTypeScript } from './source-file.ts'

export interface CompileSettings {
  /** Folder of the code cache. */
  readonly codeCache: string
  /** Entry of the throw-away thread that compiles. */
  readonly compileEntry: URL
}

/** Nothing depends on it, so nothing waits long for it; milliseconds. */
const timeLimit = 10_000

/**
 * Compiles what the operations modules of a workspace load, unless it is in the cache. Never rejects: whoever loads a module
 * that is not there compiles it by itself, and tells what is wrong with it.
 */
export async function compileModules(
  root: string,
  snapshot: FolderSnapshot,
  settings: CompileSettings,
  signal: AbortSignal,
): Promise<void> {
  const cache = new CodeCache(settings.codeCache)
  const missing: CompileFile[] = []
  for (const [path, hash] of await loadedFiles(root, snapshot)) {
    const file = { path: join(root, path), hash }
    const compiled = isTypeScript(path) || isOperationsModule(path)
    if (compiled && !(await cache.need(file.path, file.hash))) missing.push(file)
  }
  if (missing.length > 0)
    await compile({ codeCache: settings.codeCache, files: missing }, settings.compileEntry, signal)
}

/** Operations modules and what they import by relative paths, directly or not: relative path to hash. */
async function loadedFiles(root: string, { files }: FolderSnapshot): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  const waiting = [...files.keys()].filter(isOperationsModule)
  for (const path of waiting) {
    const hash = files.get(path)?.hash ?? null
    if (hash === null || found.has(path)) continue
    found.set(path, hash)
    const text = await readFile(join(root, path), 'utf8').catch(() => '')
    for (const specifier of relativeImports(text)) {
      const named = posix.join(posix.dirname(path), specifier)
      const meant = [named, ...sourceCandidates(named)].find((candidate) => files.has(candidate))
      if (meant !== undefined) waiting.push(meant)
    }
  }
  return found
}

/** Told by pattern, not by parser: a text that looks like an import costs a needless compilation, nothing else. */
function relativeImports(text: string): readonly string[] {
  const pattern = /\b(?:from|import)\s*\(?\s*(['"])(\.{1,2}\/[^'"\n]+)\1/g
  return [...text.matchAll(pattern)].map(([, , specifier = '']) => specifier)
}

async function compile(data: CompileData, entry: URL, signal: AbortSignal): Promise<void> {
  const worker = new Worker(entry, { name: 'guardhouse-compile', workerData: data, stdout: true, stderr: true })
  worker.stdout.resume()
  worker.stderr.resume()
  const ended = new Promise<void>((resolve) => {
    // It is done, or it died, or it takes too long.
    for (const event of ['message', 'error', 'exit']) worker.once(event, () => resolve())
    AbortSignal.any([signal, AbortSignal.timeout(timeLimit)]).addEventListener('abort', () => resolve(), { once: true })
  })
  await ended
  await worker.terminate()
}
