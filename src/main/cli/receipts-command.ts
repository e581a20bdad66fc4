import type { ContractClient } from '../../shared/contract/client.ts'
import type { ProcedureOutput } from '../../shared/contract/index.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import { defineCommand, hostOptions } from './command.ts'
import { type ExitCode, exitCodes } from './exit-code.ts'
import { formatCount, formatDuration, formatWallTime } from './figures.ts'
import { connectToHost } from './host-connection.ts'
import { printableText } from './printable-text.ts'
import { readNumber } from './read-number.ts'
import { type Column, formatTable } from './table.ts'
import type { Terminal } from './terminal.ts'

const mostRows = 1000
const usualRows = 50
const verbs = ['list', 'show', 'verify'] as const

type Page = ProcedureOutput<'receipts.query'>
type Detail = ProcedureOutput<'receipts.get'>
type Report = ProcedureOutput<'receipts.verify'>

interface Request {
  readonly client: ContractClient
  readonly terminal: Terminal
  readonly json: boolean
}

export const receiptsCommand = defineCommand({
  name: 'receipts',
  parameters: '[list | show <id> | verify <id>]',
  summary: 'List receipts, show one, or verify one with everything it rests on',
  details: ['verify ends with 1 when anything in the chain is not as it was, is missing, or was changed.'],
  examples: ['guardhouse receipts --text image.resize', 'guardhouse receipts verify 82526e51…1afb'],
  positionals: { least: 0, most: 2 },
  options: {
    text: { type: 'string', value: 'TEXT', help: 'List: only receipts whose id, operation or token contains it' },
    status: { type: 'string', value: 'STATUS', help: 'List: only with this status, such as ok or error' },
    token: { type: 'string', value: 'ID', help: 'List: only of this token' },
    offset: { type: 'string', value: 'N', help: 'List: leave out the first N' },
    limit: { type: 'string', value: 'N', help: `List: at most N, up to ${mostRows}; left out: ${usualRows}` },
    ...hostOptions,
  },
  async run({ options, positionals: [verb = 'list', id] }, surroundings) {
    checkWords(verb, id)
    const query = {
      filter: { text: options.text, status: options.status, token: options.token },
      offset: readNumber('offset', options.offset, { least: 0, most: Number.MAX_SAFE_INTEGER }) ?? 0,
      limit: readNumber('limit', options.limit, { least: 1, most: mostRows }) ?? usualRows,
    }
    await using connection = await connectToHost(options, surroundings)
    const request = { client: connection.client, terminal: surroundings.terminal, json: options.json }
    if (id === undefined) return list(request, await connection.client.call('receipts.query', query))
    if (verb === 'show') return show(request, await connection.client.call('receipts.get', { id }))
    return verify(request, await connection.client.call('receipts.verify', { id }))
  },
})

function checkWords(verb: string, id: string | undefined): void {
  if (!verbs.some((known) => known === verb)) {
    throw new GuardhouseError('bad-request', `receipts knows no ${JSON.stringify(verb)}`, {
      hint: `It knows ${verbs.join(', ')}.`,
    })
  }
  if ((verb === 'list') === (id === undefined)) return
  throw new GuardhouseError('bad-request', verb === 'list' ? 'list takes no id' : `${verb} needs the id of a receipt`, {
    hint: 'List finds ids: guardhouse receipts list --text image.resize',
  })
}

function list({ terminal, json }: Request, page: Page): ExitCode {
  if (json) terminal.printJson(page)
  else {
    if (page.rows.length > 0) terminal.print(formatTable(columns, page.rows.map(cells), terminal.width))
    terminal.note(`shown ${formatCount(page.rows.length)} of ${formatCount(page.matched)} receipts`)
  }
  return exitCodes.ok
}

const columns: readonly Column[] = [
  { title: 'RECEIPT' },
  { title: 'ENDED' },
  { title: 'OPERATION', flexible: true },
  { title: 'STATUS' },
  { title: 'TOOK', align: 'right' },
  { title: 'BODIES', align: 'right' },
  { title: 'KEPT' },
]

function cells({ id, endedAt, yool, status, durationMs, bodies, purgedAt, pinned }: Page['rows'][number]): string[] {
  return [
    id,
    endedAt === 0 ? '-' : formatWallTime(endedAt / 1000),
    printableText(yool),
    printableText(status),
    formatDuration(durationMs * 1000),
    formatCount(bodies),
    purgedAt !== null ? 'purged' : pinned ? 'pinned' : 'whole',
  ]
}

function show({ terminal, json }: Request, detail: Detail): ExitCode {
  if (json) {
    terminal.printJson(detail)
    return exitCodes.ok
  }
  terminal.print(printableText(detail.text))
  for (const { path, mime, sizeBytes, state } of detail.artifacts)
    terminal.print(
      `artifact  ${printableText(path)}  ${printableText(mime)}  ${formatCount(sizeBytes)} bytes  ${state}`,
    )
  for (const child of detail.children) terminal.print(`rests on it  ${printableText(child)}`)
  if (detail.purgedAt !== null) terminal.note(`bodies purged at ${detail.purgedAt}`)
  return exitCodes.ok
}

function verify({ terminal, json }: Request, report: Report): ExitCode {
  if (json) terminal.printJson(report)
  else {
    for (const { id, problem } of report.problems) terminal.print(printableText(`${id}  ${problem}`))
    const { receipts, bodies, purgedBodies } = report
    const purged = purgedBodies === 0 ? '' : `, ${formatCount(purgedBodies)} bodies purged`
    terminal.note(
      `${report.valid ? 'whole' : 'NOT whole'}: ${formatCount(receipts)} receipts, ${formatCount(bodies)} bodies checked${purged}`,
    )
  }
  return report.valid ? exitCodes.ok : exitCodes.failed
}
