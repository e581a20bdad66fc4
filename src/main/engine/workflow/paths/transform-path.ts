import type { JsonObject, JsonValue } from '../../json/value.ts'
import { keysAfter, walkKeys } from './walk.ts'

/** What the arguments in a transform program can reach. */
export interface ProgramScope {
  readonly inputs: JsonObject
  /** What earlier atoms of the program produced. */
  readonly symbols: ReadonlyMap<string, JsonValue>
}

/**
 * Resolves one argument: only a text that starts with `$.` is a path, objects and lists are taken as they are. `$.inputs.`
 * reaches the inputs, `$.results.<symbol>` and `$.<symbol>` earlier atoms; an unknown root gives null.
 */
export function resolveArgument(argument: JsonValue, scope: ProgramScope): JsonValue {
  return compileArgument(argument)(scope)
}

/** As `resolveArgument`, for an argument that is resolved again and again. */
export function compileArgument(argument: JsonValue): (scope: ProgramScope) => JsonValue {
  if (typeof argument !== 'string' || !argument.startsWith('$.')) return () => argument
  if (argument.startsWith('$.inputs.')) {
    const keys = keysAfter(argument, '$.inputs.')
    return ({ inputs }) => walkKeys(inputs, keys)
  }
  const prefix = argument.startsWith('$.results.') ? '$.results.' : '$.'
  const [symbol = '', ...keys] = keysAfter(argument, prefix)
  return ({ symbols }) => walkKeys(symbols.get(symbol), keys)
}
