import type { AuditEntry } from '../../shared/contract/commands.ts'
import { defineCommand, hostOptions } from './command.ts'
import { exitCodes } from './exit-code.ts'
import { formatCount, formatWallTime } from './figures.ts'
import { connectToHost } from './host-connection.ts'
import { printableText } from './printable-text.ts'
import { readNumber } from './read-number.ts'
import { type Column, formatTable } from './table.ts'

const mostRows = 1000
const usualRows = 50

export const auditCommand = defineCommand({
  name: 'audit',
  parameters: '',
  summary: 'Show who did what, newest first',
  positionals: { least: 0, most: 0 },
  options: {
    text: { type: 'string', value: 'TEXT', help: 'Only entries that contain it' },
    offset: { type: 'string', value: 'N', help: 'Leave out the first N' },
    limit: { type: 'string', value: 'N', help: `At most N entries, up to ${mostRows}; left out: ${usualRows}` },
    ...hostOptions,
  },
  async run({ options }, surroundings) {
    const { terminal } = surroundings
    const query = {
      text: options.text,
      offset: readNumber('offset', options.offset, { least: 0, most: Number.MAX_SAFE_INTEGER }) ?? 0,
      limit: readNumber('limit', options.limit, { least: 1, most: mostRows }) ?? usualRows,
    }
    await using connection = await connectToHost(options, surroundings)
    const page = await connection.client.call('audit.query', query)
    if (options.json) {
      terminal.printJson(page)
      return exitCodes.ok
    }
    if (page.entries.length > 0) terminal.print(formatTable(columns, page.entries.map(cells), terminal.width))
    terminal.note(`shown ${formatCount(page.entries.length)} of ${formatCount(page.matched)} entries`)
    return exitCodes.ok
  },
})

const columns: readonly Column[] = [
  { title: 'ENTRY', align: 'right' },
  { title: 'AT' },
  { title: 'WHO' },
  { title: 'ACTION' },
  { title: 'TARGET', flexible: true },
  { title: 'OUTCOME', flexible: true },
  { title: 'REASON', flexible: true },
]

function cells({ id, at, actor, action, target, outcome, reason }: AuditEntry): string[] {
  return [
    String(id),
    formatWallTime(at),
    ...[actor, action, target, outcome, reason].map((text) => printableText(text)),
  ]
}
