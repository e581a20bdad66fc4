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
export function resolveArgument(argument: JsonValue, { inputs, symbols }: ProgramScope): JsonValue {
  if (typeof argument !== 'string' || !argument.startsWith('$.')) return argument
  if (argument.startsWith('$.inputs.')) return walkKeys(inputs, keysAfter(argument, '$.inputs.'))
  const prefix = argument.startsWith('$.results.') ? '$.results.' : '$.'
  const [symbol = '', ...keys] = keysAfter(argument, prefix)
  return walkKeys(symbols.get(symbol), keys)
}
