import { readFileSync } from 'node:fs'
import { GuardhouseError } from '../../../shared/errors.ts'
import { stackFrames } from './source-position.ts'
import { findSyntaxError, locatedError } from './syntax-transform.ts'
import { pathInWorkspace } from './workspace-path.ts'

/** What to do about errors that Node raises while it links modules, by a part of their message. */
const linkHints: readonly (readonly [RegExp, string])[] = [
  [/does not provide an export named/, 'Look at the name; a type is imported with `import type`.'],
  [/^Cannot find package/, 'Install it in the folder of the workspace, or one above: npm install.'],
  [/^Cannot find module/, 'Look at the path: it is relative to the file that imports it.'],
  [/is not defined in ES module scope/, 'Operation modules are ES modules: use import and export.'],
]

/**
 * What a person needs to mend a module that does not load: file, line and column, for a syntax error also the offending
 * line, and a hint where there is a usual cause.
 * @param files paths of the workspace that were loaded, the failing one last or near the end.
 */
export function describeLoadError(error: unknown, files: readonly string[], root: string): unknown {
  if (!(error instanceof Error)) return error
  const located = error instanceof SyntaxError ? (findInHeader(error) ?? findInFiles(files)) : null
  if (located !== null) return withRelativePath(located, root, hintFor(error))
  // A compiler's error says the place already.
  if (error instanceof GuardhouseError && placePattern.test(error.message)) return withRelativePath(error, root)
  return withPlace(error, files, root)
}

/** Errors of linking and of type stripping carry `file:line`, the line and a caret at the head of their stack. */
const headerPattern = /^(\S.*?):(\d+)\n(?:.*\n)*?(.*)\n( *)\^+\n/

function findInHeader(error: Error): GuardhouseError | null {
  const [, place, line, lineText, indent] = headerPattern.exec(error.stack ?? '') ?? []
  if (place === undefined || lineText === undefined || indent === undefined) return null
  const [frame] = stackFrames(`    at ${place}:${line}:${indent.length + 1}`)
  return frame === undefined ? null : locatedError({ ...frame, lineText }, error.message, error)
}

/** Of other syntax errors the runtime tells the program no position: the files are compiled once more to find it. */
function findInFiles(files: readonly string[]): GuardhouseError | null {
  for (const file of files.toReversed()) {
    const found = findSyntaxError(file, readFileSync(file, 'utf8'))
    if (found !== null) return found
  }
  return null
}

const placePattern = /^(.+?)(:\d+:\d+: [\s\S]*)$/

function withRelativePath(error: GuardhouseError, root: string, hint = error.hint): GuardhouseError {
  const [, path = '', rest = error.message] = placePattern.exec(error.message) ?? []
  return new GuardhouseError('module-failed', `${pathInWorkspace(root, path)}${rest}`, { hint, cause: error.cause })
}

/** An error thrown by the module's own code, or refused by the SDK on its behalf: the innermost frame in the workspace. */
function withPlace(error: Error, files: readonly string[], root: string): GuardhouseError {
  const frame = stackFrames(error.stack ?? '').find(({ path }) => files.includes(path))
  const place = frame === undefined ? '' : `${pathInWorkspace(root, frame.path)}:${frame.line}:${frame.column}: `
  const name = error instanceof GuardhouseError || frame === undefined ? '' : `${error.name}: `
  const hint = error instanceof GuardhouseError ? error.hint : hintFor(error)
  return new GuardhouseError('module-failed', `${place}${name}${error.message}`, { hint, cause: error })
}

function hintFor(error: Error): string | undefined {
  return linkHints.find(([pattern]) => pattern.test(error.message))?.[1]
}
