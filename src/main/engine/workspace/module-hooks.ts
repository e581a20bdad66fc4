import { readFileSync } from 'node:fs'
import { type LoadFnOutput, type LoadHookContext, registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { CodeCache, hashOf } from './code-cache.ts'
import { inheritVersion, versionOf } from './module-version.ts'
import { resolveSource } from './resolve-source.ts'
import { isOperationsModule, isSourceFile, isTypeScript } from './source-file.ts'
import { mapTransformedLines, needsTransform, transformSource } from './syntax-transform.ts'

/** Disposing takes the hooks out again. */
export interface ModuleHooks extends Disposable {
  /** Absolute paths of the workspace's files that this thread loaded, in order. */
  readonly files: readonly string[]
}

export interface ModuleHookSettings {
  /** What `import 'guardhouse'` means. */
  readonly sdkEntry: URL
  /** Folder of the code cache; without one this thread compiles by itself. */
  readonly codeCache?: string | undefined
}

type NextLoad = (url: string, context?: Partial<LoadHookContext>) => LoadFnOutput

/**
 * Lets this thread import modules of a workspace: `guardhouse` means the SDK, TypeScript loads without a build step, and
 * decorators work in TypeScript and JavaScript. Only modules whose URL carries a version are touched; everything else
 * loads as it always does.
 */
export function installModuleHooks({ sdkEntry, codeCache }: ModuleHookSettings): ModuleHooks {
  const files: string[] = []
  const cache = codeCache == null ? null : new CodeCache(codeCache)
  const hooks = registerHooks({
    resolve(specifier, context, nextResolve) {
      if (specifier === 'guardhouse') return { url: sdkEntry.href, shortCircuit: true }
      const resolved = resolveSource(specifier, context, nextResolve)
      return { ...resolved, url: inheritVersion(resolved.url, context.parentURL) }
    },
    load(url, context, nextLoad) {
      const path = versionOf(url) === null ? null : fileURLToPath(url)
      if (path === null || !isSourceFile(path)) return nextLoad(url, context)
      files.push(path)
      return loadSource(path, url, context, nextLoad, cache)
    },
  })
  return { files, [Symbol.dispose]: () => hooks.deregister() }
}

function loadSource(
  path: string,
  url: string,
  context: LoadHookContext,
  nextLoad: NextLoad,
  cache: CodeCache | null,
): LoadFnOutput {
  const source = readFileSync(path, 'utf8')
  if (!isEcmaScriptModule(path, source, context.format)) return nextLoad(url, context)
  const transformed = needsTransform(path, source)
  if (!transformed && !isTypeScript(path)) return { format: 'module', source, shortCircuit: true }
  const cached = cache?.read(path, hashOf(source)) ?? null
  if (transformed) {
    mapTransformedLines()
    return { format: 'module', source: cached ?? transformSource(path, source), shortCircuit: true }
  }
  // Stripping blanks the types out: lines and columns stay where they are, without a source map.
  if (cached !== null) return { format: 'module', source: cached, shortCircuit: true }
  return { format: 'module-typescript', source, shortCircuit: true }
}

/**
 * Operation modules are always ES modules. A helper is one when its extension or package.json says so, and where those say
 * nothing, when it has an import or export; Node would find out by compiling it twice, with a warning each time.
 */
function isEcmaScriptModule(path: string, source: string, format: string | null | undefined): boolean {
  if (isOperationsModule(path) || format?.startsWith('module')) return true
  return format == null && /^\s*(?:import|export)\b/m.test(source)
}
