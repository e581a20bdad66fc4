import { parseArgs } from 'node:util'
import { GuardhouseError } from '../../src/shared/errors.ts'

export interface BenchOptions<Name extends string> {
  readonly only: readonly Name[]
  readonly rounds: number
  /** Seconds. */
  readonly patience: number
  readonly json: boolean
  readonly help: boolean
}

const mostRounds = 100
const mostPatience = 24 * 3600

/** Throws `bad-request` with one sentence. */
export function readCommandLine<Name extends string>(
  words: readonly string[],
  names: readonly Name[],
  standard: readonly Name[],
): BenchOptions<Name> {
  const { values } = parse(words)
  const chosen = values.only?.flatMap((list) => list.split(','))
  return {
    only: chosen === undefined ? standard : chosen.map((name) => readName(name, names)),
    rounds: readWhole('--rounds', values.rounds ?? '5', 1, mostRounds),
    patience: readWhole('--patience', values.patience ?? '0', 0, mostPatience),
    json: values.json ?? false,
    help: values.help ?? false,
  }
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        only: { type: 'string', multiple: true },
        rounds: { type: 'string' },
        patience: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (cause) {
    throw new GuardhouseError('bad-request', cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

function readName<Name extends string>(name: string, names: readonly Name[]): Name {
  const found = names.find((known) => known === name)
  if (found !== undefined) return found
  throw new GuardhouseError('bad-request', `--only is ${JSON.stringify(name)}, allowed is ${names.join(', ')}`)
}

function readWhole(option: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new GuardhouseError('bad-request', `${option} is ${text}, allowed is a whole number from ${least} to ${most}`)
}
