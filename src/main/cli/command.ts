import type { ExitCode } from './exit-code.ts'
import type { Terminal } from './terminal.ts'

export interface OptionSpec {
  readonly type: 'boolean' | 'string'
  /** One letter that may be written instead, as in `-h`. */
  readonly short?: string
  /** May be given several times. */
  readonly multiple?: true
  /** What stands for the value in the help text: `PORT`. */
  readonly value?: string
  readonly help: string
}
export type OptionSpecs = Readonly<Record<string, OptionSpec>>

type OptionValue<Spec extends OptionSpec> = Spec extends { readonly type: 'boolean' }
  ? boolean
  : Spec extends { readonly multiple: true }
    ? readonly string[]
    : string | undefined
export type OptionValues<Specs extends OptionSpecs> = { readonly [Name in keyof Specs]: OptionValue<Specs[Name]> }

/** What a command finds around it; a test brings its own. */
export interface Surroundings {
  readonly terminal: Terminal
  readonly environment: Readonly<Record<string, string | undefined>>
}

export interface CommandInput<Specs extends OptionSpecs> {
  readonly options: OptionValues<Specs & typeof commonOptions>
  /** What is neither an option nor the value of one, in order. */
  readonly positionals: readonly string[]
}

interface CommandText {
  readonly name: string
  /** What may follow the name, besides options: `<operation> [json...]`. */
  readonly parameters: string
  /** One line for the list of commands. */
  readonly summary: string
  /** Further lines for the command's own help. */
  readonly details?: readonly string[]
  readonly examples?: readonly string[]
  /** How many positionals may be given. */
  readonly positionals: { readonly least: number; readonly most: number }
}

export interface Command extends CommandText {
  readonly options: OptionSpecs
  run(input: CommandInput<OptionSpecs>, surroundings: Surroundings): Promise<ExitCode>
}

/** Options of every command. */
export const commonOptions = {
  json: { type: 'boolean', help: 'Answer with one JSON document instead of text' },
  help: { type: 'boolean', short: 'h', help: 'Show this help' },
} as const satisfies OptionSpecs

/** Options of the commands that speak to a running host. */
export const hostOptions = {
  url: { type: 'string', value: 'URL', help: 'Address of the host; left out: the one that runs here' },
  secret: { type: 'string', value: 'SECRET', help: 'Its secret; left out: found for hosts of the same user' },
} as const satisfies OptionSpecs

/** Declares a command; `run` sees exactly the declared options. */
export function defineCommand<const Specs extends OptionSpecs>(
  command: CommandText & {
    readonly options: Specs
    run(input: CommandInput<Specs>, surroundings: Surroundings): Promise<ExitCode>
  },
): Command {
  // Safe: the parser builds the input from the very specs that the types were derived from.
  return { ...command, run: (input, surroundings) => command.run(input as CommandInput<Specs>, surroundings) }
}
