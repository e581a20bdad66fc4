import { fileURLToPath } from 'node:url'

/** One line of a V8 stack; path without version, line and column 1-based. */
export interface StackFrame {
  readonly path: string
  readonly line: number
  readonly column: number
}

/** `    at name (place:line:column)` or `    at place:line:column`; a place is a file URL or, once source-mapped, a path. */
const framePattern = /^\s+at (?:.*? \()?((?:file:\/\/|\/|[A-Za-z]:\\).*?):(\d+):(\d+)\)?$/

/** Frames of a stack that stand in files, innermost first. */
export function stackFrames(stack: string): readonly StackFrame[] {
  return stack.split('\n').flatMap((text) => {
    const [, place, line, column] = framePattern.exec(text) ?? []
    return place === undefined ? [] : [{ path: pathOf(place), line: Number(line), column: Number(column) }]
  })
}

function pathOf(place: string): string {
  return place.startsWith('file:') ? fileURLToPath(place) : place.replace(/\?.*$/, '')
}
