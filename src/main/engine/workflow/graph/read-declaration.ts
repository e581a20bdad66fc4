import { isMap, isScalar, isSeq, type Node } from 'yaml'
import { graphJoins } from '../../../../shared/model/workflow-graph.ts'
import type { EdgeDeclaration, GraphDeclaration, NodeDeclaration, PlacedTemplate, Reference } from './declaration.ts'
import { readFields } from './read-fields.ts'
import { readPayloadFields } from './read-payload.ts'
import { readTemplate } from './read-template.ts'
import { describe, type Entry, type Place, type SourceDocument } from './source-document.ts'

const graphFields = ['workflow', 'description', 'payload', 'timeout', 'secrets', 'start', 'nodes', 'result'] as const
const nodeFields = ['operation', 'description', 'inputs', 'each', 'outcome', 'join', 'timeout', 'then', 'next'] as const

/** Names that paths and sentences can hold without quotes. */
const namePattern = /^[A-Za-z_][A-Za-z0-9_-]*$/

/** Reads the shape of a workflow's file. What is wrong is told to `source`; what can be read is read all the same. */
export function readDeclaration(source: SourceDocument): GraphDeclaration | null {
  if (source.root === null) {
    source.problem(null, 'the file is empty', 'A workflow has at least `workflow: <name>` and `nodes:`.')
    return null
  }
  const fields = readFields(source, source.entries(source.root, null, 'a workflow'), graphFields, 'a workflow')
  if (fields === null) return null
  const name = required(source, fields, 'workflow', source.root, 'a workflow')
  const nodes = fields.get('nodes')
  if (nodes === undefined) source.problem(source.root, 'a workflow needs `nodes`')
  const start = fields.get('start')
  const secrets = fields.get('secrets')
  const result = fields.get('result')
  const timeout = fields.get('timeout')
  return {
    name: name ?? '',
    description: optionalText(source, fields, 'description'),
    payload: readPayloadFields(source, fields.get('payload')),
    timeout: timeout === undefined ? null : source.milliseconds(timeout, '`timeout`'),
    secrets: secrets === undefined ? [] : readSecrets(source, secrets),
    start: start === undefined ? null : readReferences(source, start, '`start`'),
    nodes: nodes === undefined ? [] : readNodes(source, nodes),
    result: result === undefined ? null : placedTemplate(source, result, '`result`'),
  }
}

/** Keys, or keys joined by dots for keys inside each other. */
function readSecrets(source: SourceDocument, { value, key }: Entry): Reference[] {
  const seen = new Set<string>()
  return (source.items(value, key, '`secrets`') ?? []).flatMap((item) => {
    const name = isScalar(item) ? item.value : undefined
    if (typeof name !== 'string' || name.split('.').includes('')) {
      const hint = 'A name is a key, or keys joined by dots, such as card.number.'
      source.problem(item, `\`secrets\` must hold names, not ${describe(item)}`, hint)
      return []
    }
    if (seen.has(name)) source.problem(item, `"${name}" is written twice in \`secrets\``)
    seen.add(name)
    return [{ name, place: item }]
  })
}

function readNodes(source: SourceDocument, { value, key }: Entry): NodeDeclaration[] {
  const entries = source.entries(value, key, '`nodes`') ?? []
  if (entries.length === 0 && isMap(value)) source.problem(key, '`nodes` has no node')
  return entries.flatMap((entry) => readNode(source, entry) ?? [])
}

function readNode(source: SourceDocument, { name: id, key, value }: Entry): NodeDeclaration | null {
  if (!namePattern.test(id)) {
    source.problem(key, `a node cannot be called "${id}"`, 'Use letters, digits, _ and -, beginning with a letter.')
  }
  const what = `node ${id}`
  const fields = readFields(source, source.entries(value, key, what), nodeFields, what)
  if (fields === null) return null
  const operation = required(source, fields, 'operation', key, what)
  const inputs = fields.get('inputs')
  const each = fields.get('each')
  const outcome = fields.get('outcome')
  const join = fields.get('join')
  const timeout = fields.get('timeout')
  return {
    id,
    place: key,
    operation: { name: operation ?? '', place: fields.get('operation')?.value ?? key },
    description: optionalText(source, fields, 'description'),
    inputs: inputs === undefined ? [] : readInputs(source, inputs, what),
    each: each === undefined ? null : placedTemplate(source, each, `\`each\` of ${what}`),
    outcome:
      outcome === undefined
        ? null
        : { name: source.text(outcome, `\`outcome\` of ${what}`) ?? '', place: outcome.value ?? outcome.key },
    join: (join === undefined ? null : source.choice(join, `\`join\` of ${what}`, graphJoins)) ?? 'any',
    timeout: timeout === undefined ? null : source.milliseconds(timeout, `\`timeout\` of ${what}`),
    next: [...readThen(source, fields.get('then'), what), ...readNext(source, fields.get('next'), what)],
  }
}

/** A list gives the arguments one by one; a mapping is the one argument. */
function readInputs(source: SourceDocument, { value, key }: Entry, what: string): PlacedTemplate[] {
  if (isMap(value)) return [{ value: readTemplate(source, value), node: value }]
  const items = source.items(value, key, `\`inputs\` of ${what}`) ?? []
  return items.map((item) => ({ value: readTemplate(source, item), node: item }))
}

/** `then` is short for the edges of success. */
function readThen(source: SourceDocument, entry: Entry | undefined, what: string): EdgeDeclaration[] {
  if (entry === undefined) return []
  return readReferences(source, entry, `\`then\` of ${what}`).map((target) => ({ outcome: 'success', target }))
}

function readNext(source: SourceDocument, entry: Entry | undefined, what: string): EdgeDeclaration[] {
  if (entry === undefined) return []
  const outcomes = source.entries(entry.value, entry.key, `\`next\` of ${what}`) ?? []
  return outcomes.flatMap((each) => {
    const targets = readReferences(source, each, `\`next.${each.name}\` of ${what}`)
    return targets.map((target) => ({ outcome: each.name, target }))
  })
}

/** One name, or a list of names. */
function readReferences(source: SourceDocument, { value, key }: Entry, what: string): Reference[] {
  const items = isSeq<Node>(value) ? value.items : [value]
  return items.flatMap((item) => {
    const name = isScalar(item) ? item.value : undefined
    if (typeof name === 'string' && name !== '') return [{ name, place: item }]
    source.problem(item ?? key, `${what} must name nodes, not ${describe(item)}`)
    return []
  })
}

function placedTemplate(source: SourceDocument, { value, key }: Entry, what: string): PlacedTemplate | null {
  if (value !== null) return { value: readTemplate(source, value), node: value }
  source.problem(key, `${what} is empty`)
  return null
}

function required(
  source: SourceDocument,
  fields: ReadonlyMap<string, Entry>,
  name: string,
  place: Place,
  what: string,
): string | null {
  const entry = fields.get(name)
  if (entry !== undefined) return source.text(entry, `\`${name}\` of ${what}`)
  source.problem(place, `${what} needs \`${name}\``)
  return null
}

function optionalText(source: SourceDocument, fields: ReadonlyMap<string, Entry>, name: string): string | null {
  const entry = fields.get(name)
  return entry === undefined ? null : source.text(entry, `\`${name}\``)
}
