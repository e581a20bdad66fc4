import { statSync } from 'node:fs'
import type { ResolveFnOutput, ResolveHookContext } from 'node:module'
import { versionOf } from './module-version.ts'

type NextResolve = (specifier: string, context?: Partial<ResolveHookContext>) => ResolveFnOutput

const compiledEndings: readonly (readonly [RegExp, string])[] = [
  [/\.js$/, '.ts'],
  [/\.mjs$/, '.mts'],
  [/\.cjs$/, '.cts'],
]
const leftOutEndings = ['.ts', '.mts', '.js', '.mjs', '.cjs', '.json', '/index.ts', '/index.js']

/**
 * What else a relative import may mean, as TypeScript reads it: it names the file that a build would make of the source, or
 * leaves the ending out. Nothing is built here, so the source is meant.
 */
export function sourceCandidates(specifier: string): readonly string[] {
  const compiled = compiledEndings.find(([ending]) => ending.test(specifier))
  if (compiled !== undefined) return [specifier.replace(...compiled)]
  return leftOutEndings.map((ending) => specifier.replace(/\/$/, '') + ending)
}

/** Resolves as the runtime does; for modules of a workspace also what TypeScript takes, where the runtime finds nothing. */
export function resolveSource(
  specifier: string,
  context: ResolveHookContext,
  nextResolve: NextResolve,
): ResolveFnOutput {
  const { parentURL } = context
  if (versionOf(parentURL) === null || parentURL === undefined) return nextResolve(specifier, context)
  const resolved = resolveNear(specifier, parentURL, context, nextResolve)
  // The runtime wants an attribute that says so, TypeScript's `resolveJsonModule` does not.
  const isJson = resolved.url.endsWith('.json') && context.conditions.includes('import')
  return isJson ? { ...resolved, importAttributes: { type: 'json' } } : resolved
}

function resolveNear(
  specifier: string,
  parentURL: string,
  context: ResolveHookContext,
  nextResolve: NextResolve,
): ResolveFnOutput {
  try {
    return nextResolve(specifier, context)
  } catch (error) {
    const meant = /^\.{1,2}\//.test(specifier)
      ? sourceCandidates(specifier).find((candidate) => isFile(new URL(candidate, parentURL)))
      : undefined
    if (meant === undefined) throw error
    return nextResolve(meant, context)
  }
}

function isFile(url: URL): boolean {
  return statSync(url, { throwIfNoEntry: false })?.isFile() === true
}
