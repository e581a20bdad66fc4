import { type Command, commonOptions, type OptionSpec, type OptionSpecs } from './command.ts'
import { formatTable } from './table.ts'

/** Help for the whole command line. */
export function overviewText(commands: readonly Command[]): string {
  return [
    'Guardhouse: a task scheduler for your workstation, and the control room to watch and steer it',
    '',
    'usage: guardhouse <command> [options]',
    '',
    listing(commands.map((command) => [shortForm(command), command.summary])),
    '',
    'guardhouse <command> --help says more of one, guardhouse --version which one this is.',
    'Every command takes --json. It ends with 0 when it worked, 1 when it did not, 2 when it was given wrongly.',
  ].join('\n')
}

// The longest form that leaves the summaries a place beside it in a terminal of usual width.
const longestForm = 30

/** How a command is given; one that can be given in many ways says so in its own help. */
function shortForm({ name, parameters }: Command): string {
  const form = `${name} ${parameters}`.trim()
  return form.length <= longestForm ? form : `${name} …`
}

/** Help for one command. */
export function commandText(command: Command): string {
  const specs: OptionSpecs = { ...command.options, ...commonOptions }
  const options = Object.entries(specs).map(([name, spec]) => [optionForm(name, spec), spec.help])
  const lines = [
    command.summary,
    '',
    `usage: guardhouse ${`${command.name} ${command.parameters}`.trim()} [options]`,
    '',
    listing(options),
  ]
  if (command.details?.length) lines.push('', ...command.details)
  if (command.examples?.length) lines.push('', ...command.examples.map((example) => `  ${example}`))
  return lines.join('\n')
}

function optionForm(name: string, { value, short }: OptionSpec): string {
  const letter = short === undefined ? '' : `-${short}, `
  return `${letter}--${name}${value === undefined ? '' : ` ${value}`}`
}

/** Two columns, indented, without titles. */
function listing(rows: readonly (readonly string[])[]): string {
  const [, ...lines] = formatTable([{ title: '' }, { title: '' }], rows).split('\n')
  return lines.map((line) => `  ${line}`).join('\n')
}
