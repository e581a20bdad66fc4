import type { OperationInfo } from '../../../shared/contract/operations.ts'

/** What a module's error says: where, what, and the code it is about. */
export interface ModuleErrorText {
  /** `path:line:column`; null when the error does not tell. */
  readonly place: string | null
  readonly message: string
  /** The offending lines with a caret, as they stand in the file; null when there are none. */
  readonly code: string | null
}

/** Takes the message of a `module-failed` error apart: `path:line:column: message`, then lines of code. */
export function readModuleError(text: string): ModuleErrorText {
  const [head = '', ...code] = text.split('\n')
  const [, place, message] = /^(.+?:\d+:\d+): (.*)$/.exec(head) ?? []
  return {
    place: place ?? null,
    message: message ?? head,
    code: code.every((line) => /^[\s^~]*$/.test(line)) ? null : code.join('\n').replace(/^\n+|\s+$/g, ''),
  }
}

/** `cpu.ops.ts:12:3`, as editors and terminals open it; with the whole path when `whole`. */
export function positionText({ position, module }: Pick<OperationInfo, 'position' | 'module'>, whole = false): string {
  if (position === null) return module ?? ''
  const file = whole || module === null ? position.file : module
  return `${file}:${position.line}${whole ? `:${position.column}` : ''}`
}
