import { readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { Script } from 'node:vm'
import { buildSync } from 'esbuild'
import { assertDefined } from '../../../src/shared/assert.ts'
import { runPreloadName } from '../wire/messages.ts'
import type { PreloadFacts } from './preload-modules.ts'

/** The code that Chromium runs in each document before the page's own, in this order. */
export interface PageScripts {
  /** In the page's world. */
  readonly page: string
  /** In the preload's world. */
  readonly preload: readonly string[]
}

interface Runtime {
  readonly page: string
  readonly preload: string
}

let runtime: Runtime | null = null

/** Bundles the runtime of both worlds, once per process. Call it while Chromium starts: it takes some 40 ms. */
export function bundleRuntime(): Runtime {
  runtime ??= { page: bundle('page-world.ts'), preload: bundle('preload-world.ts') }
  return runtime
}

// Synchronously, and therefore without a helper process that would live on.
function bundle(file: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [path.join(import.meta.dirname, file)],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'runtime',
    target: 'esnext',
  })
  return assertDefined(outputFiles[0], 'esbuild writes one file for one entry').text
}

/**
 * The scripts of one window. `secret` connects its two worlds. `preload` is the application's preload, null for none.
 */
export function windowScripts(secret: string, facts: PreloadFacts, preload: PreloadSource | null): PageScripts {
  const { page, preload: preloadWorld } = bundleRuntime()
  const settings = `${JSON.stringify(secret)}, ${JSON.stringify(facts)}`
  const start = `(() => {\n${preloadWorld}\nruntime.startPreloadWorld(${settings})\n})()`
  return {
    page: `(() => {\n${page}\nruntime.startPageWorld(${JSON.stringify(secret)})\n})()`,
    preload: preload === null ? [start] : [start, wrapPreload(preload)],
  }
}

export interface PreloadSource {
  readonly file: string
  readonly code: string
}

/** Throws with the place of the fault when the file is absent or does not parse: in the page, nobody would hear of it. */
export function readPreload(file: string): PreloadSource {
  const source = { file, code: readFileSync(file, 'utf8') }
  new Script(wrapPreload(source), { filename: file })
  return source
}

// A script of its own rather than an `eval` in the runtime, which the page's content security policy would forbid. The
// preload begins on the first line, so that stack traces name its own file and lines.
function wrapPreload({ file, code }: PreloadSource): string {
  const parameters = 'require, process, module, exports, setImmediate, clearImmediate'
  return `globalThis.${runPreloadName}?.((${parameters}) => {${code}\n})\n//# sourceURL=${pathToFileURL(file)}`
}
