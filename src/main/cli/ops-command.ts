import type { OperationInfo } from '../../shared/contract/operations.ts'
import { defineCommand, hostOptions } from './command.ts'
import { exitCodes } from './exit-code.ts'
import { formatCount, formatDuration } from './figures.ts'
import { connectToHost } from './host-connection.ts'
import { noteModuleProblems } from './module-problems.ts'
import { printableText } from './printable-text.ts'
import { type Column, formatTable } from './table.ts'

export const opsCommand = defineCommand({
  name: 'ops',
  parameters: '',
  summary: 'List the operations of the open workspace',
  positionals: { least: 0, most: 0 },
  options: { ...hostOptions },
  async run({ options }, surroundings) {
    const { terminal } = surroundings
    await using connection = await connectToHost(options, surroundings)
    const { operations } = await connection.client.call('operations.list', {})
    const workspace = await connection.client.call('workspace.get', {})
    if (options.json) {
      terminal.printJson({ operations, workspace })
      return exitCodes.ok
    }
    if (operations.length > 0) terminal.print(formatTable(columns, operations.map(cells), terminal.width))
    noteModuleProblems(workspace.modules, terminal)
    const where = workspace.path === null ? 'no workspace is open' : `${workspace.path} is ${workspace.state}`
    terminal.note(printableText(`${formatCount(operations.length)} operations; ${where}`))
    return exitCodes.ok
  },
})

const columns: readonly Column[] = [
  { title: 'OPERATION', flexible: true },
  { title: 'PARAMETERS', flexible: true },
  { title: 'WEIGHT' },
  { title: 'STATE' },
  { title: 'WAITING', align: 'right' },
  { title: 'RUNNING', align: 'right' },
  { title: 'COMPLETED', align: 'right' },
  { title: 'FAILED', align: 'right' },
  { title: 'RUN P50', align: 'right' },
  { title: 'SOURCE', flexible: true },
]

function cells(operation: OperationInfo): string[] {
  const { counts, position, module } = operation
  return [
    printableText(operation.operation),
    printableText(operation.parameters.join(', ')),
    operation.weight,
    operation.paused ? 'paused' : operation.availability,
    formatCount(counts.CREATED + counts.WAITING + counts.ADMITTED),
    formatCount(counts.EXECUTING),
    formatCount(counts.COMPLETED),
    formatCount(counts.FAILED + counts.KILLED + counts.TIMEOUT),
    formatDuration(operation.runs.p50),
    printableText(position === null ? (module ?? '') : `${module ?? position.file}:${position.line}`),
  ]
}
