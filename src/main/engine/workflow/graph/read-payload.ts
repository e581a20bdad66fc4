import { type PayloadField, payloadTypes } from '../../../../shared/model/workflow-graph.ts'
import { fieldProblem } from './payload.ts'
import { readFields } from './read-fields.ts'
import { readTemplate } from './read-template.ts'
import type { Entry, SourceDocument } from './source-document.ts'

const fieldFields = ['type', 'description', 'required', 'default', 'choices', 'secret'] as const

/** Reads what a payload may hold; null when nothing is declared. */
export function readPayloadFields(source: SourceDocument, entry: Entry | undefined): readonly PayloadField[] | null {
  if (entry === undefined) return null
  const entries = source.entries(entry.value, entry.key, '`payload`')
  return entries?.flatMap((each) => readField(source, each) ?? []) ?? null
}

function readField(source: SourceDocument, { name, key, value }: Entry): PayloadField | null {
  const what = `payload field ${name}`
  const fields = readFields(source, source.entries(value, key, what), fieldFields, what)
  if (fields === null) return null
  const type = fields.get('type')
  const required = fields.get('required')
  const choices = fields.get('choices')
  const standard = fields.get('default')
  const description = fields.get('description')
  const secretEntry = fields.get('secret')
  const secret = secretEntry !== undefined && source.boolean(secretEntry, `\`secret\` of ${what}`) === true
  const field: PayloadField = {
    name,
    type: (type === undefined ? null : source.choice(type, `\`type\` of ${what}`, payloadTypes)) ?? 'any',
    description: description === undefined ? null : source.text(description, `\`description\` of ${what}`),
    required: (required === undefined ? null : source.boolean(required, `\`required\` of ${what}`)) ?? false,
    choices: choices === undefined ? null : readChoices(source, choices, what),
    ...(secret ? { secret } : {}),
    ...(standard === undefined ? {} : { default: readTemplate(source, standard.value) }),
  }
  const problem = field.default === undefined ? null : fieldProblem(field, field.default)
  if (problem !== null) source.problem(standard?.value ?? key, `\`default\` of ${what} ${problem}`)
  if (secret && standard !== undefined) {
    const hint = 'Whoever reads the file reads it: leave it out, and let the payload give it.'
    source.problem(standard.key, `${what} is secret, and its \`default\` would stand in the file`, hint)
  }
  return field
}

function readChoices(source: SourceDocument, { value, key }: Entry, what: string): readonly string[] | null {
  const items = source.items(value, key, `\`choices\` of ${what}`)
  return items?.map((item) => String(readTemplate(source, item))) ?? null
}
