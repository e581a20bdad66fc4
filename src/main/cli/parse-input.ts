import { parseArgs } from 'node:util'
import { GuardhouseError } from '../../shared/errors.ts'
import { nearestName } from '../../shared/nearest-name.ts'
import { type Command, type CommandInput, commonOptions, type OptionSpec, type OptionSpecs } from './command.ts'

type Value = boolean | string | string[] | undefined
// A negative number is a value, never a group of short options: `submit math.add -5 3`. It is hidden behind a character that
// no argument of a program can hold.
const negativeNumber = /^-(?=\d)/
const hiddenNumber = /^\0/

/** Reads what follows the name of a command. Throws `bad-request` with one sentence that names what is wrong. */
export function parseInput(command: Command, commandArguments: readonly string[]): CommandInput<OptionSpecs> {
  const specs: OptionSpecs = { ...command.options, ...commonOptions }
  const values: Record<string, Value> = {}
  for (const [name, spec] of Object.entries(specs)) values[name] = emptyValue(spec)
  const positionals: string[] = []
  const { tokens } = parseArgs({
    args: commandArguments.map((word) => word.replace(negativeNumber, '\0-')),
    options: Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, parserOption(spec)])),
    allowPositionals: true,
    // Its own errors speak of positional arguments and escapes; ours name the command and what it takes.
    strict: false,
    tokens: true,
  })
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(shown(token.value))
    if (token.kind !== 'option') continue
    const spec = specs[token.name]
    if (spec === undefined) throw unknownOption(command, token.rawName, Object.keys(specs))
    values[token.name] = readValue(spec, token, values[token.name])
  }
  if (values.help !== true) checkPositionals(command, positionals)
  return { options: values as CommandInput<OptionSpecs>['options'], positionals }
}

function parserOption({ type, short }: OptionSpec): { type: OptionSpec['type']; short?: string } {
  return short === undefined ? { type } : { type, short }
}

function emptyValue(spec: OptionSpec): Value {
  if (spec.type === 'boolean') return false
  return spec.multiple ? [] : undefined
}

function readValue(
  spec: OptionSpec,
  { rawName, value, inlineValue }: { rawName: string; value: string | undefined; inlineValue: boolean | undefined },
  before: Value,
): Value {
  if (spec.type === 'boolean') {
    if (value === undefined) return true
    throw new GuardhouseError('bad-request', `${rawName} takes no value, but was given "${value}"`)
  }
  if (value === undefined || (inlineValue !== true && value.startsWith('-'))) {
    throw new GuardhouseError('bad-request', `${rawName} needs a value: ${rawName} ${spec.value ?? 'VALUE'}`)
  }
  if (spec.multiple) return [...(Array.isArray(before) ? before : []), shown(value)]
  if (before !== undefined) throw new GuardhouseError('bad-request', `${rawName} is given twice`)
  return shown(value)
}

function shown(word: string): string {
  return word.replace(hiddenNumber, '')
}

function unknownOption(command: Command, rawName: string, known: readonly string[]): GuardhouseError {
  const meant = nearestName(rawName.replace(/^-+/, ''), known)
  const suggestion = meant === null ? `see guardhouse ${command.name} --help` : `did you mean --${meant}?`
  return new GuardhouseError('bad-request', `"${command.name}" has no option ${rawName}; ${suggestion}`)
}

function checkPositionals(command: Command, positionals: readonly string[]): void {
  const { least, most } = command.positionals
  const usage = `guardhouse ${command.name} ${command.parameters}`.trim()
  if (positionals.length < least) throw new GuardhouseError('bad-request', `something is missing: ${usage}`)
  if (positionals.length > most) {
    throw new GuardhouseError('bad-request', `"${positionals[most]}" is one argument too many: ${usage}`)
  }
}
