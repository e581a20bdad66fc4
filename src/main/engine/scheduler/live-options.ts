import type { OptionInfo } from '../../../shared/contract/options.ts'
import { allowedText, type OptionValue } from './option-definition.ts'
import { type OptionName, optionDefinitions, optionNames, type SchedulerOptions, validateOptions } from './options.ts'

/** Values by name; null takes the default. */
export type OptionChanges = Readonly<Record<string, OptionValue | null>>

export interface OptionChange {
  readonly name: OptionName
  readonly from: OptionValue
  readonly to: OptionValue
  /** True when it holds from now on; false when it holds from the next start on. */
  readonly applied: boolean
}

type Listener = (changed: readonly OptionChange[]) => void

/**
 * The options of a running scheduler. `current` stays the same object: whoever reads it where it is used sees every live change.
 * What only a start can change is kept as pending, so that people see both values.
 */
export class LiveOptions {
  readonly current: SchedulerOptions
  /** What somebody chose, now or for the next start; the rest are defaults. */
  #chosen: Readonly<Record<string, OptionValue>>
  #future: SchedulerOptions
  readonly #listeners = new Set<Listener>()

  /** Throws `bad-request` that names the option and its range. */
  constructor(given: Readonly<Record<string, unknown>>) {
    this.current = { ...validateOptions(given) }
    this.#future = validateOptions(given)
    this.#chosen = withoutGaps(given)
  }

  /** What is to be kept for the next start. */
  get chosen(): Readonly<Record<string, OptionValue>> {
    return this.#chosen
  }

  /** All or nothing. Throws `bad-request` that names the option and its range. Returns what is different now. */
  set(changes: OptionChanges): readonly OptionChange[] {
    const chosen: Record<string, unknown> = { ...this.#chosen }
    for (const [name, value] of Object.entries(changes)) chosen[name] = value ?? undefined
    const future = validateOptions(chosen)
    const changed = optionNames
      .filter((name) => future[name] !== this.#future[name])
      .map((name) => ({
        name,
        from: this.#future[name],
        to: future[name],
        applied: optionDefinitions[name].live,
      }))
    this.#future = future
    this.#chosen = withoutGaps(chosen)
    for (const { name, to, applied } of changed) if (applied) Object.assign(this.current, { [name]: to })
    if (changed.length > 0) for (const listener of this.#listeners) listener(changed)
    return changed
  }

  /** Called after every change, also of what only the next start applies. Returns the function that ends it. */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Every option with its value and range, for people. */
  infos(): OptionInfo[] {
    return optionNames.map((name) => {
      const definition = optionDefinitions[name]
      const isNumber = definition.kind === 'number'
      return {
        name,
        group: definition.group,
        summary: definition.summary,
        kind: definition.kind,
        unit: isNumber ? definition.unit : '',
        value: this.current[name],
        pending: this.#future[name] === this.current[name] ? null : this.#future[name],
        default: definition.default,
        allowed: allowedText(definition),
        range: isNumber ? { minimum: definition.minimum, maximum: definition.maximum, whole: definition.whole } : null,
        choices: definition.kind === 'choice' ? [...definition.choices] : [],
        live: definition.live,
      }
    })
  }
}

function withoutGaps(given: Readonly<Record<string, unknown>>): Record<string, OptionValue> {
  return Object.fromEntries(
    Object.entries(given).filter((entry): entry is [string, OptionValue] => entry[1] !== undefined),
  )
}
