import type { WorkflowInfo } from '../../../shared/contract/workflows.ts'

export type PayloadFieldInfo = NonNullable<WorkflowInfo['payload']>[number]

/** A payload as a form reads it. */
export interface ReadPayload {
  /** Null: something is wrong, or still missing. */
  readonly payload: Readonly<Record<string, unknown>> | null
  /** What is wrong with the JSON; null: nothing. */
  readonly problem: string | null
  /** What is wrong with what was entered for a secret field, by its name. */
  readonly secretProblems: ReadonlyMap<string, string>
  /** The first secret that has to be entered and is not. */
  readonly missing: string | null
}

/** What the declaration says, ready to be changed. Secret fields are entered elsewhere. */
export function firstPayload({ payload }: Pick<WorkflowInfo, 'payload'>): string {
  const fields = (payload ?? []).filter((field) => !field.secret && (field.required || field.default !== undefined))
  return JSON.stringify(Object.fromEntries(fields.map((field) => [field.name, field.default ?? null])), null, 2)
}

export function secretFields({ payload }: Pick<WorkflowInfo, 'payload'>): readonly PayloadFieldInfo[] {
  return (payload ?? []).filter((field) => field.secret === true)
}

/** Puts JSON and secrets together; an empty secret is left out. `entered`: texts by name of the field. */
export function readPayload(
  text: string,
  secrets: readonly PayloadFieldInfo[],
  entered: Readonly<Record<string, string>>,
): ReadPayload {
  const { values, problem } = readObject(text)
  const twice = secrets.find(({ name }) => values !== null && Object.hasOwn(values, name))
  const shown = twice === undefined ? problem : `"${twice.name}" is secret: enter it in its own field, not here.`
  const secretProblems = new Map<string, string>()
  const hidden: Record<string, unknown> = {}
  for (const field of secrets) {
    const typed = entered[field.name] ?? ''
    if (typed === '') continue
    const read = readSecret(field, typed)
    if (read === null) secretProblems.set(field.name, `It must be of type ${field.type}, written as JSON.`)
    else hidden[field.name] = read.value
  }
  const missing = secrets.find(({ name, required }) => required && (entered[name] ?? '') === '')?.name ?? null
  const whole = values !== null && shown === null && secretProblems.size === 0 && missing === null
  return { payload: whole ? { ...values, ...hidden } : null, problem: shown, secretProblems, missing }
}

/** Null: the text is no value of the field's type. The message of the parser is not told: it repeats what was typed. */
function readSecret({ type }: PayloadFieldInfo, text: string): { readonly value: unknown } | null {
  if (type === 'text' || type === 'any') return { value: text }
  try {
    return { value: JSON.parse(text) }
  } catch {
    return null
  }
}

function readObject(text: string): { values: Record<string, unknown> | null; problem: string | null } {
  try {
    const value: unknown = JSON.parse(text.trim() === '' ? '{}' : text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { values: value as Record<string, unknown>, problem: null }
    }
    return { values: null, problem: 'The payload must be an object, in braces.' }
  } catch (error) {
    return { values: null, problem: error instanceof Error ? error.message : String(error) }
  }
}
