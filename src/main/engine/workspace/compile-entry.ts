import { readFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import { assertDefined } from '../../../shared/assert.ts'
import { CodeCache, hashOf } from './code-cache.ts'
import type { CompileData, CompileFile } from './compile-message.ts'
import { isTypeScript } from './source-file.ts'
import { needsTransform, transformManySources } from './syntax-transform.ts'

/**
 * Entry of the throw-away thread that compiles the code of a workspace, which all other threads then find compiled. It runs none
 * of it. So the compiler, which is WebAssembly, starts in one thread instead of in each.
 */
const { codeCache, files } = workerData as CompileData
const cache = new CodeCache(codeCache)
const read = await Promise.all(files.map(readUnchanged))
const sources = read.filter((source) => source !== null)
const beyondStripping = sources.filter(({ path, text }) => needsTransform(path, text))
const transforming = transformManySources(beyondStripping)
for (const source of sources) {
  if (!beyondStripping.includes(source)) keep(source, isTypeScript(source.path) ? strip(source.text) : source.text)
}
for (const [index, code] of (await transforming).entries()) keep(beyondStripping[index], code)
assertDefined(parentPort, 'a thread has a parent').postMessage('done')

interface Source extends CompileFile {
  readonly text: string
}

/** Null when the file is not any more what the snapshot saw: then the next snapshot sees it. */
async function readUnchanged(file: CompileFile): Promise<Source | null> {
  const text = await readFile(file.path, 'utf8').catch(() => null)
  return text === null || hashOf(text) !== file.hash ? null : { ...file, text }
}

/** Null for what is not well formed: the thread that loads it says so, with the place. */
function strip(text: string): string | null {
  try {
    return stripTypeScriptTypes(text)
  } catch {
    return null
  }
}

function keep(source: Source | undefined, code: string | null): void {
  if (source !== undefined && code !== null) cache.write(source.path, source.hash, code)
}
