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
    'guardhouse submit math.fibonacci 30 --wait',
    `guardhouse submit image.resize '"photo.jpg"' '{"width":640}'`,
    'guardhouse submit sample.trivial 7 --count 10000',
  ],
  positionals: { least: 1, most: 65 },
  options: {
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
      arguments: texts.map(readArgument),
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
