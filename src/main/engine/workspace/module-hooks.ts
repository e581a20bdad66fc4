import { readFileSync } from 'node:fs'
import { type LoadFnOutput, type LoadHookContext, registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { inheritVersion, versionOf } from './module-version.ts'
import { isOperationsModule, isSourceFile, isTypeScript } from './source-file.ts'
import { needsTransform, transformSource } from './syntax-transform.ts'

/** Disposing takes the hooks out again. */
export interface ModuleHooks extends Disposable {
  /** Absolute paths of the workspace's files that this thread loaded, in order. */
  readonly files: readonly string[]
}

type NextLoad = (url: string, context?: Partial<LoadHookContext>) => LoadFnOutput

/**
 * Lets this thread import modules of a workspace: `guardhouse` means the SDK, TypeScript loads without a build step, and
 * decorators work in TypeScript and JavaScript. Only modules whose URL carries a version are touched; everything else
 * loads as it always does.
 */
export function installModuleHooks({ sdkEntry }: { readonly sdkEntry: URL }): ModuleHooks {
  const files: string[] = []
  const hooks = registerHooks({
    resolve(specifier, context, nextResolve) {
      if (specifier === 'guardhouse') return { url: sdkEntry.href, shortCircuit: true }
      const resolved = nextResolve(specifier, context)
      return { ...resolved, url: inheritVersion(resolved.url, context.parentURL) }
    },
    load(url, context, nextLoad) {
      const path = versionOf(url) === null ? null : fileURLToPath(url)
      if (path === null || !isSourceFile(path)) return nextLoad(url, context)
      files.push(path)
      return loadSource(path, url, context, nextLoad)
    },
  })
  return { files, [Symbol.dispose]: () => hooks.deregister() }
}

function loadSource(path: string, url: string, context: LoadHookContext, nextLoad: NextLoad): LoadFnOutput {
  const source = readFileSync(path, 'utf8')
  if (!isEcmaScriptModule(path, source, context.format)) return nextLoad(url, context)
  if (needsTransform(path, source)) {
    return { format: 'module', source: transformSource(path, source), shortCircuit: true }
  }
  // Node blanks the types out itself: lines and columns stay where they are, without a source map.
  return { format: isTypeScript(path) ? 'module-typescript' : 'module', source, shortCircuit: true }
}

/**
 * Operation modules are always ES modules. A helper is one when its extension or package.json says so, and where those say
 * nothing, when it has an import or export; Node would find out by compiling it twice, with a warning each time.
 */
function isEcmaScriptModule(path: string, source: string, format: string | null | undefined): boolean {
  if (isOperationsModule(path) || format?.startsWith('module')) return true
  return format == null && /^\s*(?:import|export)\b/m.test(source)
}
