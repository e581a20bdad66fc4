import { decodeValue } from '../../../../shared/contract/values.ts'
import { GuardhouseError, toErrorData } from '../../../../shared/errors.ts'
import type { JsonValue } from '../../json/value.ts'
import { Redactor } from '../secrets/redactor.ts'
import { toJson, toPlain } from './plain-json.ts'

/** The values of a run as others may see them: without what its graph declares to be secret. */
export class ShownValues {
  readonly #redactor: Redactor

  /** `secrets`: names as a Redactor takes them. */
  constructor(secrets: readonly string[]) {
    this.#redactor = new Redactor(secrets)
  }

  /** False: everything is shown as it is. */
  get hides(): boolean {
    return this.#redactor.active
  }

  json(value: unknown): JsonValue {
    return this.#redactor.value(toJson(value))
  }

  /** The value itself where nothing is hidden. */
  plain(value: unknown): unknown {
    return this.hides ? decodeValue(toPlain(this.json(value))) : value
  }

  text(text: string): string {
    return this.#redactor.text(text)
  }

  /** An error that can be thrown at others; the same one where nothing is hidden. */
  error(error: unknown): unknown {
    if (!this.hides) return error
    const { kind, message, hint } = toErrorData(error)
    return new GuardhouseError(kind, this.text(message), { hint: hint === undefined ? undefined : this.text(hint) })
  }
}
