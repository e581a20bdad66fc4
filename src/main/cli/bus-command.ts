import type { BusLane } from '../../shared/contract/bus.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import type { Connection } from '../sdk/connection.ts'
import { defineCommand, hostOptions } from './command.ts'
import { type ExitCode, exitCodes } from './exit-code.ts'
import { formatCount, formatDuration } from './figures.ts'
import { connectToHost } from './host-connection.ts'
import { printableText } from './printable-text.ts'
import { readNumber } from './read-number.ts'
import { type Column, formatTable } from './table.ts'
import type { Terminal } from './terminal.ts'

type Fields = Record<string, unknown>

const longestTimeout = 2_147_483_647
const mostListed = 1000

interface Asked {
  readonly words: readonly string[]
  readonly timeoutMs: number | null
  readonly reason: string
  readonly agreed: boolean
  readonly json: boolean
  readonly client: Connection['client']
  readonly terminal: Terminal
}

type Action = (asked: Asked) => Promise<ExitCode>

const actions: Readonly<Record<string, Action>> = {
  out: async ({ words, client, terminal, json, timeoutMs }) => {
    const patience = timeoutMs === null ? {} : { timeoutMs }
    const { id } = await client.call('bus.out', { tuple: fieldsOf(words, 'tuple'), ...patience })
    if (json) terminal.printJson({ id })
    else terminal.print(printableText(id))
    return exitCodes.ok
  },
  in: async ({ words, client, terminal, timeoutMs }) =>
    printTuple(await client.call('bus.in', { template: templateOf(words), timeoutMs }), terminal),
  rd: async ({ words, client, terminal, timeoutMs }) =>
    printTuple(await client.call('bus.rd', { template: templateOf(words), timeoutMs }), terminal),
  list: async ({ words, client, terminal, json }) => {
    const { tuples, matched } = await client.call('bus.tuples', { template: templateOf(words), limit: mostListed })
    if (json) terminal.printJson({ tuples, matched })
    else for (const { tuple } of tuples) terminal.print(printableText(JSON.stringify(tuple)))
    terminal.note(`${formatCount(tuples.length)} of ${formatCount(matched)} tuples, oldest first`)
    return exitCodes.ok
  },
  lanes: async ({ client, terminal, json }) => {
    const { lanes, total, store } = await client.call('bus.lanes', {})
    if (json) terminal.printJson({ lanes, total, store })
    else if (lanes.length > 0) terminal.print(formatTable(laneColumns, lanes.map(laneCells), terminal.width))
    terminal.note(`${formatCount(lanes.length)} of ${formatCount(total)} lanes, kept in ${store}`)
    return exitCodes.ok
  },
  waiters: async ({ client, terminal, json }) => {
    const { waiters, total } = await client.call('bus.waiters', {})
    const cells = waiters.map(({ by, takes, wants, waitedMs, starves }) => [
      printableText(by),
      takes ? 'take' : 'read',
      printableText(wants),
      formatDuration(waitedMs * 1000),
      starves ? 'starves' : '',
    ])
    if (json) terminal.printJson({ waiters, total })
    else if (cells.length > 0) terminal.print(formatTable(waiterColumns, cells, terminal.width))
    terminal.note(`${formatCount(waiters.length)} of ${formatCount(total)} who wait`)
    return exitCodes.ok
  },
  work: async ({ words, client, terminal, reason }) => {
    const [lane, operation] = words
    if (lane === undefined || operation === undefined) throw misused('bus work <lane> <operation>')
    await client.call('bus.setLane', { lane, operation, reason })
    terminal.print(printableText(`${operation} works the lane ${lane}`))
    return exitCodes.ok
  },
  pause: (asked) => commandLane('pause', asked),
  resume: (asked) => commandLane('resume', asked),
  drain: (asked) => commandLane('drain', asked),
  kill: (asked) => commandLane('kill', asked),
}

export const busCommand = defineCommand({
  name: 'bus',
  parameters: `<${Object.keys(actions).join('|')}> [json | lane] [operation]`,
  summary: 'Put, take, read and list tuples; look at lanes and command them',
  details: [
    'out puts a tuple and prints its id; in takes the oldest match, rd reads it; both wait, with --timeout 0 they look once.',
    'list shows what matches; a template left out matches every tuple. waiters shows who waits for what.',
    'work lets an operation work a lane; pause and resume hold it back and let it go on; drain discards what waits in it,',
    'kill also kills the tokens it made: these two ask first.',
  ],
  examples: [
    `guardhouse bus out '{"lane":"work","n":1}'`,
    `guardhouse bus in '{"lane":"work"}' --timeout 5000`,
    'guardhouse bus work thumbnails image.resize',
    'guardhouse bus drain thumbnails --reason "wrong size"',
  ],
  positionals: { least: 1, most: 3 },
  options: {
    timeout: {
      type: 'string',
      value: 'MS',
      help: 'Longest wait in milliseconds: of in and rd for a tuple (left out: for ever), of out for room',
    },
    reason: { type: 'string', value: 'TEXT', help: 'Kept in the audit log' },
    yes: { type: 'boolean', help: 'Drain or kill without being asked' },
    ...hostOptions,
  },
  async run({ options, positionals }, surroundings) {
    const [name = '', ...words] = positionals
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined
    if (action === undefined) throw misused(`bus <${Object.keys(actions).join('|')}>, not bus ${name}`)
    const timeoutMs = readNumber('timeout', options.timeout, { least: 0, most: longestTimeout }) ?? null
    await using connection = await connectToHost(options, surroundings)
    const { reason = '', yes: agreed, json } = options
    const { terminal } = surroundings
    return await action({ words, timeoutMs, reason, agreed, json, client: connection.client, terminal })
  },
})

async function commandLane(
  command: 'pause' | 'resume' | 'drain' | 'kill',
  { words: [lane], client, terminal, reason, agreed, json }: Asked,
): Promise<ExitCode> {
  if (lane === undefined) throw misused(`bus ${command} <lane>`)
  if ((command === 'drain' || command === 'kill') && !agreed) {
    if (!terminal.interactive) {
      throw new GuardhouseError(
        'bad-request',
        `"bus ${command}" discards tuples: add --yes, since nobody can be asked here`,
      )
    }
    const { matched } = await client.call('bus.tuples', { template: { lane }, limit: 1 })
    const question = `${command} would discard what waits of ${formatCount(matched)} tuples in ${printableText(lane)}. Do it?`
    if (!(await terminal.confirm(question))) {
      terminal.note('Nothing was touched.')
      return exitCodes.failed
    }
  }
  const done = await client.call('bus.laneCommand', { lane, command, reason })
  const { discarded, killed, auditId } = done
  if (json) terminal.printJson({ lane, command, ...done })
  else {
    const what = `${formatCount(discarded)} tuples discarded, ${formatCount(killed)} tokens killed`
    terminal.print(printableText(`${command} ${lane}: ${what} (audit entry ${auditId})`))
  }
  return exitCodes.ok
}

/** The tuple as one line of JSON; without one the command fails, so that scripts can tell. */
function printTuple({ tuple }: { readonly tuple: Fields | null }, terminal: Terminal): ExitCode {
  if (tuple === null) {
    terminal.note('Nothing matched in time.')
    return exitCodes.failed
  }
  terminal.print(printableText(JSON.stringify(tuple)))
  return exitCodes.ok
}

function templateOf(words: readonly string[]): Fields {
  return words.length === 0 ? {} : fieldsOf(words, 'template')
}

function fieldsOf([text, more]: readonly string[], what: string): Fields {
  if (text === undefined || more !== undefined) throw misused(`one ${what}, as a JSON object in quotes`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new GuardhouseError('bad-request', `the ${what} is not JSON: ${why}`, { cause })
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw new GuardhouseError('bad-request', `the ${what} is not a JSON object`, {
    hint: `Give one such as '{"lane":"work"}'.`,
  })
}

function misused(wanted: string): GuardhouseError {
  return new GuardhouseError('bad-request', `say ${wanted}`, { hint: 'guardhouse bus --help shows examples.' })
}

const laneColumns: readonly Column[] = [
  { title: 'LANE', flexible: true },
  { title: 'WAITING', align: 'right' },
  { title: 'LENT', align: 'right' },
  { title: 'WAITERS', align: 'right' },
  { title: 'WORKED BY', flexible: true },
  { title: 'STATE' },
  { title: 'COMPLETED', align: 'right' },
  { title: 'FAILED', align: 'right' },
  { title: 'DEAD', align: 'right' },
]

function laneCells({ lane, waiting, leased, waiters, work }: BusLane): string[] {
  const counts = [waiting, leased, waiters].map(formatCount)
  const worked =
    work === null
      ? ['', '', '', '', '']
      : [printableText(work.operation), work.state, ...[work.completed, work.failed, work.dead].map(formatCount)]
  return [lane === null ? '(none)' : printableText(lane), ...counts, ...worked]
}

const waiterColumns: readonly Column[] = [
  { title: 'WHO', flexible: true },
  { title: 'HOW' },
  { title: 'WANTS', flexible: true },
  { title: 'WAITS', align: 'right' },
  { title: '' },
]
