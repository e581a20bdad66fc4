import { inspect } from 'node:util'
import type { Preview } from '../../src/shared/contract/common.ts'
import type { TokenLogLine } from '../../src/shared/contract/tokens.ts'
import type { ErrorData } from '../../src/shared/errors.ts'
import { Random } from './random.ts'
import type { TokenRecord } from './token-record.ts'

/** Everything here follows from a token's seed, so that asking twice gives the same answer. */

const previewCharacters = 20_000
const people = ['Zoë', 'Jürgen', 'أمينة', '山田', 'Nkechi', 'O’Brien', 'Łukasz'] as const

export function inventedArguments(token: TokenRecord): unknown[] {
  if (token.submittedArguments !== null) return [...token.submittedArguments]
  const random = new Random(token.seed)
  if (token.seed % 97 === 0) return [hugeArgument(random)]
  return token.operation.entry.parameters.map((parameter) => inventedArgument(parameter, random))
}

function inventedArgument(parameter: string, random: Random): unknown {
  if (/path|file|folder|ファイル/i.test(parameter))
    return `/data/${random.pick(people)}/item-${random.below(10_000)}.png`
  if (/person|template|text/.test(parameter))
    return { name: random.pick(people), greeting: 'مرحبا — hello — こんにちは' }
  if (/year/.test(parameter)) return 2020 + random.below(7)
  if (/month|الشهر|неделя/.test(parameter)) return 1 + random.below(12)
  if (/[{.]/.test(parameter))
    return { currency: random.pick(['EUR', 'JPY', 'BHD']), rounding: null, nested: [[1, [2, [3]]]] }
  return random.below(100_000)
}

function hugeArgument(random: Random): unknown {
  return {
    note: 'A huge argument: the host cuts its text and says how many bytes there were.',
    rows: Array.from({ length: 900 }, (_, index) => ({
      index,
      person: random.pick(people),
      value: random.fraction(),
      path: '/a/very/long/path/'.repeat(3),
    })),
  }
}

export function inventedResult(token: TokenRecord): unknown {
  const random = new Random(token.seed + 1)
  if (token.seed % 89 === 0) return 'one line without a single space '.replaceAll(' ', '·').repeat(60)
  if (token.seed % 7 === 0) return undefined
  if (token.seed % 7 === 1) return richResult(random)
  return {
    sum: random.below(1_000_000),
    by: random.pick(people),
    checked: random.chance(0.5),
    share: random.fraction(),
  }
}

function richResult(random: Random): unknown {
  return {
    at: new Date(1_763_700_000_000 + random.below(1e9)),
    byPerson: new Map(people.slice(0, 3).map((person) => [person, { rows: random.below(900), 'odd key': -0 }])),
    seen: new Set([1n, 2n ** 70n]),
    bytes: new Uint8Array(40),
    failed: new RangeError('not all of it worked'),
    text: 'it\'s a "text"\nof two lines',
    nothing: null,
  }
}

/** Values one after the other as Node writes them, cut as the host cuts them. */
export function previewOf(values: readonly unknown[]): Preview {
  const text = values
    .map((value) => inspect(value, { depth: 8, maxArrayLength: 500, maxStringLength: 10_000, breakLength: 100 }))
    .join(', ')
  const truncated = text.length > previewCharacters
  return {
    text: truncated ? `${text.slice(0, previewCharacters)}…` : text,
    bytes: Buffer.byteLength(JSON.stringify(values)),
    truncated,
  }
}

export function inventedError(token: TokenRecord): ErrorData | null {
  if (token.state === 'KILLED') {
    return {
      kind: 'killed',
      message: `killed: ${token.killReason}`,
      hint: 'Submit it again if it was killed by mistake.',
    }
  }
  if (token.state === 'TIMEOUT') {
    return {
      kind: 'timeout',
      message: 'ran longer than its timeout of 30 s',
      hint: 'Raise the timeout tag of the operation, or give it less to do at once.',
    }
  }
  return token.state === 'FAILED' ? failure(token) : null
}

function failure(token: TokenRecord): ErrorData {
  const { operation, module } = token.operation.entry
  if (operation === 'thread.dies') {
    return {
      kind: 'worker-lost',
      message: `the worker thread ended with exit code ${token.seed % 5} while the token ran`,
      hint: 'Look for process.exit in the operation, or for memory it cannot have.',
    }
  }
  const position = `file:///home/ada/projects/${encodeURI(module)}`
  if (token.seed % 5 === 0) return longFailure(position)
  return {
    kind: 'operation-failed',
    name: 'SyntaxError',
    message: `Unexpected token 'I', "Invoice №${token.seed % 1000}" is not valid JSON`,
    stack: stackOf(
      'SyntaxError',
      `Unexpected token 'I', "Invoice №${token.seed % 1000}" is not valid JSON`,
      position,
      4,
    ),
    cause:
      token.seed % 2 === 0 ? { kind: 'operation-failed', name: 'Error', message: 'ENOENT: no such file' } : undefined,
  }
}

function longFailure(position: string): ErrorData {
  const message = `The ledger does not balance: ${'debit 1,204.50 is not credit 1,204.05; '.repeat(14)}see the log.`
  return {
    kind: 'operation-failed',
    name: 'RangeError',
    message,
    stack: stackOf('RangeError', message, position, 30),
    cause: {
      kind: 'operation-failed',
      name: 'TypeError',
      message: "Cannot read properties of undefined (reading 'amount')",
      stack: stackOf('TypeError', "Cannot read properties of undefined (reading 'amount')", position, 6),
    },
  }
}

function stackOf(name: string, message: string, file: string, depth: number): string {
  const frames = Array.from(
    { length: depth },
    (_, index) => `    at balance${index} (${file}:${12 + index * 7}:${5 + index})`,
  )
  return `${name}: ${message}\n${frames.join('\n')}`
}

/** Up to 200 lines, between the start of the run and its end or now. */
export function inventedLog(token: TokenRecord, now: number): TokenLogLine[] {
  if (token.started === null) return []
  const random = new Random(token.seed + 2)
  const end = token.ended ?? now
  const count = token.seed % 11 === 0 ? 200 : random.below(9)
  return Array.from({ length: count }, (_, index) => ({
    at: (token.started ?? 0) + ((end - (token.started ?? 0)) * index) / Math.max(1, count),
    level: random.pick(['debug', 'info', 'info', 'info', 'warn', 'error'] as const),
    text: inventedLogText(index, random),
  }))
}

function inventedLogText(index: number, random: Random): string {
  if (random.chance(0.05))
    return `row ${index}: ${JSON.stringify({ person: random.pick(people), values: [1, 2, 3] }).repeat(12)}`
  if (random.chance(0.08)) return `two lines:\n  the second is indented, ${random.pick(people)}`
  return `step ${index + 1} done, ${random.below(5000)} rows, سطر ${random.below(9)}`
}
