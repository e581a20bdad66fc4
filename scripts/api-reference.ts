import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { procedures, streams } from '../src/shared/contract/index.ts'

/**
 * Writes the reference part of docs/api.md from the contract itself, between two markers:
 * `node scripts/api-reference.ts`. A test fails when the file is out of date.
 */

const begin = '<!-- reference: written by scripts/api-reference.ts -->'
const end = '<!-- end of reference -->'
export const apiDocument = fileURLToPath(new URL('../docs/api.md', import.meta.url))

/** The document with its reference part renewed. */
export function withReference(document: string): string {
  const start = document.indexOf(begin)
  const stop = document.indexOf(end)
  if (start < 0 || stop < start) throw new Error(`docs/api.md lacks the lines ${begin} and ${end}`)
  return `${document.slice(0, start)}${begin}\n\n${reference()}\n${document.slice(stop)}`
}

function reference(): string {
  const calls = Object.entries(procedures).map(
    ([name, { danger, summary, input, output }]) =>
      `### \`${name}\`\n\n${summary} Danger: ${danger}.\n\n\`\`\`ts\nparams: ${typeText(input, 'input')}\nresult: ${typeText(output, 'output')}\n\`\`\`\n`,
  )
  const flows = Object.entries(streams).map(
    ([name, { kind, summary, input, item }]) =>
      `### \`${name}\` (stream, ${kind})\n\n${summary}\n\n\`\`\`ts\nparams: ${typeText(input, 'input')}${kind === 'json' ? `\nitem: ${typeText(item, 'output')}` : ''}\n\`\`\`\n`,
  )
  return [...calls, ...flows].join('\n')
}

interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | boolean
}

function typeText(schema: z.ZodType, io: 'input' | 'output'): string {
  return render(z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Schema, '')
}

/** A JSON schema as a TypeScript type, for people. */
function render(schema: Schema, indent: string): string {
  if (schema.$ref !== undefined) return 'ErrorData'
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return choices.map((choice) => render(choice, indent)).join(' | ')
  if (schema.type === 'array') return `Array<${schema.items === undefined ? 'unknown' : render(schema.items, indent)}>`
  if (schema.type === 'object') return renderObject(schema, indent)
  const types = typeof schema.type === 'object' ? schema.type : [schema.type ?? 'unknown']
  return types.map((type) => (type === 'integer' ? 'number' : type)).join(' | ')
}

function renderObject(schema: Schema, indent: string): string {
  const properties = Object.entries(schema.properties ?? {})
  if (properties.length === 0) {
    return typeof schema.additionalProperties === 'object'
      ? `Record<string, ${render(schema.additionalProperties, indent)}>`
      : '{}'
  }
  const inner = `${indent}  `
  const lines = properties.map(([name, property]) => {
    const optional = schema.required?.includes(name) === true ? '' : '?'
    return `${inner}${name}${optional}: ${render(property, inner)}`
  })
  return `{\n${lines.join('\n')}\n${indent}}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(apiDocument, withReference(readFileSync(apiDocument, 'utf8')))
}
