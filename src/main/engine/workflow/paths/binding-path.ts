import { readInteger } from '../../json/integer-text.ts'
import type { JsonObject } from '../../json/value.ts'
import type { Resolver } from './template.ts'
import { keysAfter, walkKeys } from './walk.ts'

/** What the bindings of a workflow can reach. */
export interface BindingScope {
  readonly payload: JsonObject
  /** Contract address: what the contract's last visit gave. */
  readonly results: ReadonlyMap<number, JsonObject>
}

/** `$.payload.` and `$.inputs.` reach the payload, `$.results.<contract address>.` the surface of a contract. */
export function compileBindingPath(text: string): Resolver<BindingScope> | null {
  for (const prefix of ['$.payload.', '$.inputs.']) {
    if (!text.startsWith(prefix)) continue
    const keys = keysAfter(text, prefix)
    return ({ payload }) => walkKeys(payload, keys)
  }
  if (!text.startsWith('$.results.')) return null
  const [addressText = '', ...keys] = keysAfter(text, '$.results.')
  const address = readInteger(addressText)
  if (typeof address !== 'number' || keys.length === 0) return () => null
  return ({ results }) => walkKeys(results.get(address), keys)
}
