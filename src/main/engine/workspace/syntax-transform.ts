import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import type * as Esbuild from 'esbuild'
import { GuardhouseError } from '../../../shared/errors.ts'
import { isTypeScript } from './source-file.ts'

/**
 * TypeScript that blanking out types cannot turn into JavaScript (Node's documentation, "TypeScript features"). Told by
 * pattern, not by parser: a comment that looks like an enum costs one needless transformation, nothing else.
 */
const beyondTypeStripping: readonly RegExp[] = [
  /\benum\s+[\w$]+\s*\{/,
  /\b(?:namespace|module)\s+[\w$.]+\s*\{/,
  /\bimport\s+(?:type\s+)?[\w$]+\s*=/,
  /\bexport\s*=/,
  // Parameter properties; `readonly string[]` is a type and goes on with a bracket.
  /[(,]\s*(?:(?:public|private|protected|readonly|override)\s+)+[\w$]+\s*[?:,)=]/,
]

/** An `@` that may begin a decorator, on a line that does not begin as a comment. No engine of ours runs decorators yet. */
const decorator = /^(?!\s*(?:\/\/|\/\*|\*)).*@[\w$([]/m

const transformed = new Map<string, string>()

/** True when the runtime cannot load the source as it is. */
export function needsTransform(path: string, source: string): boolean {
  if (decorator.test(source)) return true
  if (!isTypeScript(path)) return false
  return !process.features.typescript || beyondTypeStripping.some((pattern) => pattern.test(source))
}

/**
 * The source as JavaScript that this runtime understands, with an inline source map. Kept in memory by content, because the
 * compiler is a process of its own that takes some 20 ms to start.
 * Throws `module-failed` with file, line, column and the offending line when the source is not well formed.
 */
export function transformSource(path: string, source: string): string {
  const key = createHash('sha256').update(path).update('\0').update(source).digest('base64')
  const known = transformed.get(key)
  if (known !== undefined) return known
  const code = compile(path, source)
  transformed.set(key, code)
  return code
}

/** Stacks of this thread name lines of transformed sources from now on. Off by default, because it makes every stack dearer. */
export function mapTransformedLines(): void {
  process.setSourceMapsEnabled(true)
}

/** What is wrong with the source's syntax, null when nothing is. */
export function findSyntaxError(path: string, source: string): GuardhouseError | null {
  try {
    compile(path, source)
    return null
  } catch (error) {
    if (error instanceof GuardhouseError) return error
    throw error
  }
}

/** Several sources with one compiler process; null for each that is not well formed. */
export async function transformManySources(
  sources: readonly { readonly path: string; readonly text: string }[],
): Promise<readonly (string | null)[]> {
  if (sources.length === 0) return []
  const esbuild = loadCompiler()
  try {
    const results = await Promise.allSettled(
      sources.map(({ path, text }) => esbuild.transform(text, compilerOptions(path))),
    )
    return results.map((result) => (result.status === 'fulfilled' ? result.value.code : null))
  } finally {
    await esbuild.stop()
  }
}

function compile(path: string, source: string): string {
  try {
    return loadCompiler().transformSync(source, compilerOptions(path)).code
  } catch (error) {
    throw syntaxError(path, error)
  }
}

function loadCompiler(): typeof Esbuild {
  return createRequire(import.meta.url)('esbuild')
}

function compilerOptions(path: string): Esbuild.TransformOptions {
  return {
    loader: isTypeScript(path) ? 'ts' : 'js',
    format: 'esm',
    target: 'node24',
    sourcefile: path,
    sourcemap: 'inline',
    logLevel: 'silent',
    // The workspace's own tsconfig.json is not read: its decorators may be legacy, ours never are.
    tsconfigRaw: { compilerOptions: { experimentalDecorators: false } },
  }
}

function syntaxError(path: string, error: unknown): GuardhouseError {
  const [first] = (error as Partial<Esbuild.TransformFailure>).errors ?? []
  if (first?.location == null) {
    return new GuardhouseError('module-failed', `${path} cannot be compiled`, {
      hint: 'Compiling needs the installed package esbuild with its binary.',
      cause: error,
    })
  }
  const { line, column, lineText } = first.location
  // The compiler counts columns in bytes of UTF-8.
  const before = Buffer.from(lineText).subarray(0, column).toString()
  return locatedError({ path, line, column: before.length + 1, lineText }, first.text)
}

export interface SourceLine {
  readonly path: string
  readonly line: number
  readonly column: number
  readonly lineText: string
}

/** `path:line:column: message`, then the line with a caret below the offending column. */
export function locatedError(at: SourceLine, message: string, cause?: unknown): GuardhouseError {
  // Tabs stay, so that the caret stands below its column however wide they are shown.
  const indent = at.lineText.slice(0, at.column - 1).replace(/[^\t]/g, ' ')
  const text = `${at.path}:${at.line}:${at.column}: ${message}\n${at.lineText}\n${indent}^`
  return new GuardhouseError('module-failed', text, { cause })
}
