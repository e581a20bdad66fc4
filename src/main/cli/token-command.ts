import type { TokenDetail } from '../../shared/contract/tokens.ts'
import { defineCommand, hostOptions } from './command.ts'
import { exitCodes } from './exit-code.ts'
import { formatDuration, formatShare } from './figures.ts'
import { connectToHost } from './host-connection.ts'
import { describeError } from './print-error.ts'
import { printableText } from './printable-text.ts'
import { formatTable } from './table.ts'
import type { Terminal } from './terminal.ts'
import { styleState } from './token-state-style.ts'

export const tokenCommand = defineCommand({
  name: 'token',
  parameters: '<id>',
  summary: 'Show everything known of one token',
  positionals: { least: 1, most: 1 },
  options: { ...hostOptions },
  async run({ options, positionals: [id = ''] }, surroundings) {
    await using connection = await connectToHost(options, surroundings)
    const detail = await connection.client.call('tokens.get', { id })
    if (options.json) surroundings.terminal.printJson(detail)
    else printDetail(detail, surroundings.terminal)
    return exitCodes.ok
  },
})

function printDetail(detail: TokenDetail, terminal: Terminal): void {
  const facts = [...identity(detail, terminal), ...waiting(detail), ...ending(detail)]
  const width = Math.max(...facts.map(([name]) => name.length))
  for (const [name, text] of facts) {
    // Further lines stand under the first.
    terminal.print(`${name.padEnd(width)}  ${text.replaceAll('\n', `\n${' '.repeat(width + 2)}`)}`)
  }
  printTimes(detail, terminal)
  printActions(detail, terminal)
  printLog(detail, terminal)
}

type Fact = readonly [name: string, text: string]

function identity(detail: TokenDetail, terminal: Terminal): Fact[] {
  const { state, held, stopping } = detail
  const facts: Fact[] = [
    ['token', printableText(detail.id)],
    ['operation', printableText(detail.operation)],
    ['state', styleState(state, held, terminal) + (stopping ? ' (its code still runs)' : '')],
    ['arguments', previewText(detail.arguments)],
  ]
  if (detail.parent !== null) facts.push(['parent', printableText(detail.parent)])
  if (detail.children.total > 0) facts.push(['children', `${detail.children.total}`])
  return facts
}

function waiting(detail: TokenDetail): Fact[] {
  const facts: Fact[] = []
  if (detail.waitingBecause !== null) facts.push(['waits', printableText(detail.waitingBecause)])
  if (detail.route !== null) facts.push(['route', printableText(detail.route.sentence)])
  const { queueTimeout, timeout } = detail.deadlines
  if (queueTimeout !== null) facts.push(['queue timeout', `${queueTimeout} ms`])
  if (timeout !== null) facts.push(['timeout', `${timeout} ms`])
  return facts
}

function ending(detail: TokenDetail): Fact[] {
  const facts: Fact[] = []
  if (detail.progress !== null) {
    facts.push(['progress', `${formatShare(detail.progress.fraction)} ${printableText(detail.progress.text)}`.trim()])
  }
  if (detail.result !== null) facts.push(['result', previewText(detail.result)])
  if (detail.error !== null) facts.push(['error', describeError(detail.error)])
  if (detail.error?.stack !== undefined) facts.push(['stack', printableText(detail.error.stack, 'lines')])
  return facts
}

function previewText({ text, bytes, truncated }: TokenDetail['arguments']): string {
  return printableText(text, 'lines') + (truncated ? ` … (${bytes} bytes in all)` : '')
}

/** Each attempt's way through the states, as time since the token was created. */
function printTimes(detail: TokenDetail, terminal: Terminal): void {
  const since = (at: number | undefined) => (at === undefined ? '-' : `+${formatDuration(at - detail.times.created)}`)
  const rows = detail.attempts.map(({ attempt, state, core, slot, times }) => [
    String(attempt),
    state,
    core === null ? '-' : `${core}.${slot ?? '?'}`,
    since(times.waiting),
    since(times.admitted),
    since(times.started),
    since(times.ended),
  ])
  if (rows.length === 0) return
  const titles = ['ATTEMPT', 'STATE', 'CORE', 'WAITING', 'ADMITTED', 'STARTED', 'ENDED']
  const columns = titles.map((title, index) => ({ title, align: index > 2 ? 'right' : 'left' }) as const)
  terminal.print(`\n${formatTable(columns, rows, terminal.width)}`)
}

function printActions({ actions, times }: TokenDetail, terminal: Terminal): void {
  if (actions.length > 0) terminal.print('')
  for (const { at, actor, action, reason } of actions) {
    const why = reason === '' ? '' : `: ${reason}`
    terminal.print(printableText(`+${formatDuration(at - times.created)}  ${action} by ${actor}${why}`))
  }
}

function printLog({ log, logDropped, times }: TokenDetail, terminal: Terminal): void {
  if (log.length > 0) terminal.print('')
  for (const { at, level, text } of log) {
    terminal.print(`+${formatDuration(at - times.created)}  ${level.padEnd(5)}  ${printableText(text)}`)
  }
  if (logDropped > 0) terminal.note(`${logDropped} more lines were not kept`)
}
