import { type TokenPage, type TokenRow, tokenSortKeys } from '../../shared/contract/tokens.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import { type TokenState, tokenStates } from '../../shared/model/token.ts'
import { nearestName } from '../../shared/nearest-name.ts'
import { defineCommand, hostOptions } from './command.ts'
import { exitCodes } from './exit-code.ts'
import { formatCount, formatDuration } from './figures.ts'
import { connectToHost } from './host-connection.ts'
import { printableText } from './printable-text.ts'
import { readNumber } from './read-number.ts'
import { type Column, formatTable } from './table.ts'
import type { Terminal } from './terminal.ts'
import { styleState } from './token-state-style.ts'

const mostRows = 1000
const usualRows = 50

export const tokensCommand = defineCommand({
  name: 'tokens',
  parameters: '',
  summary: 'List tokens, newest first',
  examples: ['guardhouse tokens --state failed --state killed', 'guardhouse tokens --sort ran --limit 10 --json'],
  positionals: { least: 0, most: 0 },
  options: {
    state: { type: 'string', multiple: true, value: 'STATE', help: `One of ${tokenStates.join(', ').toLowerCase()}` },
    operation: { type: 'string', multiple: true, value: 'NAME', help: 'Only tokens of this operation' },
    core: { type: 'string', multiple: true, value: 'N', help: 'Only tokens of this core' },
    parent: { type: 'string', value: 'ID', help: 'Only children of this token' },
    text: { type: 'string', value: 'TEXT', help: 'Found in id, operation, arguments or error message' },
    sort: { type: 'string', value: 'KEY', help: `By ${tokenSortKeys.join(', ')}; left out: sequence` },
    ascending: { type: 'boolean', help: 'Smallest or oldest first' },
    offset: { type: 'string', value: 'N', help: 'Leave out the first N' },
    limit: { type: 'string', value: 'N', help: `At most N rows, up to ${mostRows}; left out: ${usualRows}` },
    ...hostOptions,
  },
  async run({ options }, surroundings) {
    const query = {
      filter: {
        ...(options.state.length > 0 && { states: options.state.map(readState) }),
        ...(options.operation.length > 0 && { operations: [...options.operation] }),
        ...(options.core.length > 0 && { cores: options.core.map(readCore) }),
        parent: options.parent,
        text: options.text,
      },
      sort: {
        by: options.sort === undefined ? 'sequence' : readChoice('sort', options.sort, tokenSortKeys),
        direction: options.ascending ? 'ascending' : 'descending',
      },
      offset: readNumber('offset', options.offset, { least: 0, most: Number.MAX_SAFE_INTEGER }) ?? 0,
      limit: readNumber('limit', options.limit, { least: 1, most: mostRows }) ?? usualRows,
    } as const
    await using connection = await connectToHost(options, surroundings)
    const page = await connection.client.call('tokens.query', query)
    if (options.json) surroundings.terminal.printJson(page)
    else printPage(page, surroundings.terminal)
    return exitCodes.ok
  },
})

const columns: readonly Column[] = [
  { title: 'TOKEN', flexible: true },
  { title: 'OPERATION', flexible: true },
  { title: 'STATE' },
  { title: 'WEIGHT' },
  { title: 'CORE', align: 'right' },
  { title: 'WAITED', align: 'right' },
  { title: 'RAN', align: 'right' },
  { title: 'ATTEMPT', align: 'right' },
]

function printPage(
  { rows, matched, kept, evicted, unsearched = 0, unsearchable = 0 }: TokenPage,
  terminal: Terminal,
): void {
  if (rows.length > 0) {
    terminal.print(
      formatTable(
        columns,
        rows.map((row) => cells(row, terminal)),
        terminal.width,
      ),
    )
  }
  const forgotten = evicted > 0 ? `; ${formatCount(evicted)} finished ones are no longer kept` : ''
  const unread = unsearched > 0 ? `; ${formatCount(unsearched)} not searched yet` : ''
  const unreadable = unsearchable > 0 ? `; ${formatCount(unsearchable)} too old to be searched for text` : ''
  terminal.note(
    `shown ${formatCount(rows.length)} of ${formatCount(matched)} that match, ${formatCount(kept)} kept${forgotten}${unread}${unreadable}`,
  )
}

function cells(row: TokenRow, terminal: Terminal): string[] {
  return [
    printableText(row.id),
    printableText(row.operation),
    styleState(row.state, row.held, terminal),
    row.weight,
    row.core === null ? '-' : `${row.core}.${row.slot ?? '?'}`,
    formatDuration(row.waited),
    formatDuration(row.ran),
    String(row.attempt),
  ]
}

function readState(text: string): TokenState {
  return readChoice('state', text, tokenStates, text.toUpperCase())
}

function readCore(text: string): number {
  return readNumber('core', text, { least: 1, most: 1024 }) ?? 0
}

/** `written` is the text in the letters that the choices have. */
function readChoice<Choice extends string>(
  name: string,
  text: string,
  choices: readonly Choice[],
  written = text,
): Choice {
  const choice = choices.find((each) => each === written)
  if (choice !== undefined) return choice
  const meant = nearestName(written, choices)
  const help = meant === null ? `it is one of ${choices.join(', ')}` : `did you mean ${meant}?`
  throw new GuardhouseError('bad-request', `--${name} cannot be "${text}"; ${help}`)
}
