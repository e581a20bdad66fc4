import { GuardhouseError, toErrorData } from '../../shared/errors.ts'
import { nearestName } from '../../shared/nearest-name.ts'
import type { Command, Surroundings } from './command.ts'
import { type ExitCode, exitCodeOf, exitCodes } from './exit-code.ts'
import { commandText, overviewText } from './help-text.ts'
import { parseInput } from './parse-input.ts'
import { printError } from './print-error.ts'

/** Runs one command line, `words` being what follows the program's name, and says how to exit. Never throws. */
export async function runCommandLine(
  words: readonly string[],
  commands: readonly Command[],
  version: string,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { terminal } = surroundings
  const [name, ...rest] = words
  try {
    switch (name) {
      case '--version':
      case '-v':
        terminal.print(version)
        return exitCodes.ok
      case '--help':
      case '-h':
      case 'help':
        terminal.print(helpFor(rest[0], commands))
        return exitCodes.ok
      case undefined:
        terminal.note(overviewText(commands))
        return exitCodes.badUsage
      default:
        return await runCommand(findCommand(name, commands), rest, surroundings)
    }
  } catch (error) {
    printError(error, terminal, words.includes('--json'))
    return exitCodeOf(toErrorData(error).kind)
  }
}

async function runCommand(command: Command, rest: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const input = parseInput(command, rest)
  if (!input.options.help) return await command.run(input, surroundings)
  surroundings.terminal.print(commandText(command))
  return exitCodes.ok
}

function helpFor(name: string | undefined, commands: readonly Command[]): string {
  return name === undefined ? overviewText(commands) : commandText(findCommand(name, commands))
}

function findCommand(name: string, commands: readonly Command[]): Command {
  const command = commands.find((each) => each.name === name)
  if (command !== undefined) return command
  const meant = nearestName(
    name,
    commands.map((each) => each.name),
  )
  const help = meant === null ? 'see guardhouse --help' : `did you mean ${meant}?`
  throw new GuardhouseError('bad-request', `there is no command "${name}"; ${help}`)
}
