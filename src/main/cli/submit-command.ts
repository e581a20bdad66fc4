import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import type { TokenOutcome } from '../../shared/contract/tokens.ts'
import { decodeValue } from '../../shared/contract/values.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import { defineCommand, hostOptions } from './command.ts'
import { exitCodes } from './exit-code.ts'
import { connectToHost } from './host-connection.ts'
import { describeError } from './print-error.ts'
import { printableText } from './printable-text.ts'
import { readNumber } from './read-number.ts'
import type { Terminal } from './terminal.ts'

const longestTimeout = 86_400_000
const mostTokens = 1_000_000

export const submitCommand = defineCommand({
  name: 'submit',
  parameters: '<operation> [json...]',
  summary: 'Submit a token; every argument is one JSON value',
  details: [
    'What JSON cannot say is tagged: {"$type":"bigint","value":"12"}, and likewise undefined, number, date, map, set, bytes.',
    'With --wait the result is printed, and a token that does not complete makes the command fail.',
  ],
  examples: [
    'guardhouse submit cpu.fibonacci 30 --wait',
    `guardhouse submit image.resize '"photo.jpg"' '{"width":640}'`,
    'guardhouse submit image.resize --arguments resize.json',
    'guardhouse submit cpu.trivial 7 --count 10000',
  ],
  positionals: { least: 1, most: 65 },
  options: {
    arguments: {
      type: 'string',
      value: 'FILE',
      help: 'A file with a JSON list of all arguments; - reads them from standard input',
    },
    wait: { type: 'boolean', help: 'Wait for the token and print its result' },
    count: { type: 'string', value: 'N', help: `Submit the same call N times, at most ${mostTokens}` },
    timeout: { type: 'string', value: 'MS', help: 'Longest run in milliseconds' },
    'queue-timeout': { type: 'string', value: 'MS', help: 'Longest wait before the run in milliseconds' },
    ...hostOptions,
  },
  async run({ options, positionals }, surroundings) {
    const [operation = '', ...texts] = positionals
    const count = readNumber('count', options.count, { least: 1, most: mostTokens })
    if (count !== undefined && options.wait) {
      throw new GuardhouseError('bad-request', '--wait and --count cannot be combined: there is no single result')
    }
    const submission = {
      operation,
      arguments: options.arguments === undefined ? texts.map(readArgument) : readArguments(options.arguments, texts),
      timeout: readNumber('timeout', options.timeout, { least: 1, most: longestTimeout, whole: false }),
      queueTimeout: readNumber('queue-timeout', options['queue-timeout'], {
        least: 1,
        most: longestTimeout,
        whole: false,
      }),
    }
    await using connection = await connectToHost(options, surroundings)
    const { terminal } = surroundings
    if (count !== undefined) {
      const range = await connection.client.call('tokens.submitMany', { ...submission, count })
      if (options.json) terminal.printJson(range)
      else terminal.print(`submitted ${range.count} tokens, ${range.first} to ${range.last}`)
      return exitCodes.ok
    }
    const { id } = await connection.client.call('tokens.submit', submission)
    if (!options.wait) {
      if (options.json) terminal.printJson({ id })
      else terminal.print(id)
      return exitCodes.ok
    }
    const outcome = await connection.client.call('tokens.outcome', { id })
    if (options.json) terminal.printJson(outcome)
    else printOutcome(outcome, terminal)
    return outcome.state === 'COMPLETED' ? exitCodes.ok : exitCodes.failed
  },
})

/** What a command line has no room for, or a shell would not leave as it is. */
function readArguments(file: string, texts: readonly string[]): unknown[] {
  if (texts.length > 0) {
    throw new GuardhouseError('bad-request', '--arguments names all arguments: none can be written beside it')
  }
  const source = file === '-' ? 'standard input' : file
  const hint = 'It holds a JSON list with one value for each argument: ["photo.jpg", {"width": 640}].'
  let list: unknown
  try {
    list = JSON.parse(readFileSync(file === '-' ? process.stdin.fd : file, 'utf8'))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new GuardhouseError('bad-request', `the arguments cannot be read from ${source}: ${why}`, { hint })
  }
  if (!Array.isArray(list)) throw new GuardhouseError('bad-request', `${source} holds no JSON list`, { hint })
  return list
}

function readArgument(text: string, index: number): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const quoted = `'${JSON.stringify(text)}'`
    throw new GuardhouseError('bad-request', `argument ${index + 1} is not JSON: ${text} (a text is written ${quoted})`)
  }
}

function printOutcome(outcome: TokenOutcome, terminal: Terminal): void {
  if (outcome.state === 'COMPLETED') {
    const value = decodeValue(outcome.value)
    const text = inspect(value, { depth: null, maxArrayLength: null, maxStringLength: null })
    terminal.print(printableText(text, 'lines'))
    return
  }
  terminal.note(`${outcome.id} ended as ${outcome.state}`)
  if (outcome.error !== undefined) terminal.note(describeError(outcome.error))
}
