import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

/** Functions of `node:fs` that tests replace. */
type Replaceable = 'fsyncSync' | 'openSync' | 'readFileSync' | 'readSync' | 'readdirSync' | 'writeSync'

/** Puts something else in the place of a function of `node:fs`, for all who import it, until it is disposed. */
export function insteadOf<Name extends Replaceable>(
  name: Name,
  make: (original: (typeof fs)[Name]) => (...values: never[]) => unknown,
): Disposable {
  const original = fs[name]
  const put = (value: unknown) => {
    Object.assign(fs, { [name]: value })
    syncBuiltinESMExports()
  }
  put(make(original))
  return { [Symbol.dispose]: () => put(original) }
}
