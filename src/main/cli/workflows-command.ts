import { readFileSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import type { ContractClient } from '../../shared/contract/client.ts'
import type { WorkflowInfo, WorkflowRunRow } from '../../shared/contract/workflows.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import { nearestName } from '../../shared/nearest-name.ts'
import { defineCommand, hostOptions, type Surroundings } from './command.ts'
import { type ExitCode, exitCodes } from './exit-code.ts'
import { formatCount, formatDuration } from './figures.ts'
import { connectToHost } from './host-connection.ts'
import { describeError } from './print-error.ts'
import { printableText } from './printable-text.ts'
import { readNumber } from './read-number.ts'
import { type Column, formatTable } from './table.ts'
import type { Terminal } from './terminal.ts'

/** What stands behind each action. */
const parametersOf = {
  list: [],
  check: ['<file...>'],
  start: ['<name>'],
  runs: [],
  stop: ['<run>'],
  compare: ['<run>', '<run>'],
  replay: ['<run>'],
  import: ['<file>'],
} as const satisfies Readonly<Record<string, readonly string[]>>
type Action = keyof typeof parametersOf
const actions = Object.keys(parametersOf)

interface Given {
  readonly json: boolean
  readonly wait: boolean
  readonly payload: string | undefined
  readonly timeout: string | undefined
  readonly reason: string | undefined
  readonly limit: string | undefined
}

export const workflowsCommand = defineCommand({
  name: 'workflows',
  parameters:
    '[list | check <file...> | start <name> | runs | stop <run> | compare <run> <run> | replay <run> | import <file>]',
  summary: 'List, check and run the workflows of the open workspace, and compare their runs',
  details: [
    'A workflow is a file *.workflow.yaml or *.workflow.json that names operations as nodes; see docs/workflows.md.',
    'check needs no running host, and leaves the names of operations unchecked. It fails when a file has a problem.',
    'start --wait fails unless the run completes; compare and replay end with 0 for what is the same and 1 for the rest.',
  ],
  examples: [
    'guardhouse workflows',
    'guardhouse workflows check words.workflow.yaml',
    'guardhouse workflows start sample.words --payload words.json --wait',
  ],
  positionals: { least: 0, most: 65 },
  options: {
    payload: { type: 'string', value: 'FILE', help: 'JSON file with what the run is given; left out: an empty object' },
    timeout: { type: 'string', value: 'MS', help: 'Longest run in milliseconds' },
    wait: { type: 'boolean', help: 'Wait for the run and print its result' },
    reason: { type: 'string', value: 'TEXT', help: 'Why a run is stopped, for the audit log' },
    limit: { type: 'string', value: 'N', help: 'At most N runs; left out: 20' },
    ...hostOptions,
  },
  async run({ options, positionals }, surroundings) {
    const [action = 'list', ...rest] = positionals
    if (action === 'check') return await checkFiles(rest, options.json, surroundings.terminal)
    if (!isAction(action)) throw unknownAction(action)
    requireCount(action, rest)
    await using connection = await connectToHost(options, surroundings)
    return await perform(action, rest, options, connection.client, surroundings)
  },
})

function isAction(word: string): word is Action {
  return Object.hasOwn(parametersOf, word)
}

/** Throws unless exactly what the action needs stands behind it. */
function requireCount(action: Action, rest: readonly string[]): void {
  const parameters = parametersOf[action]
  if (rest.length === parameters.length) return
  const surplus = rest[parameters.length]
  const what = surplus === undefined ? 'something is missing' : `"${surplus}" is one argument too many`
  throw new GuardhouseError('bad-request', `${what}: ${['guardhouse workflows', action, ...parameters].join(' ')}`)
}

async function perform(
  action: Action,
  rest: readonly string[],
  given: Given,
  client: ContractClient,
  { terminal }: Surroundings,
): Promise<ExitCode> {
  const [name = '', other = ''] = rest
  switch (action) {
    case 'start':
      return await start(name, given, client, terminal)
    case 'runs':
      return await listRuns(given, client, terminal)
    case 'stop': {
      const answer = await client.call('workflows.stop', { run: name, reason: given.reason ?? '' })
      if (given.json) terminal.printJson(answer)
      else terminal.print(answer.stopped ? 'stopped' : 'it had ended')
      return exitCodes.ok
    }
    case 'compare':
      return await compare(name, other, given.json, client, terminal)
    case 'replay':
      return await replay(name, given.json, client, terminal)
    case 'import': {
      const text = readFileSync(name, 'utf8')
      const answer = await client.call('workflows.import', { name: basename(name), text })
      if (given.json) terminal.printJson(answer)
      else terminal.print(answer.run ?? '')
      return exitCodes.ok
    }
    default:
      return await listWorkflows(given.json, client, terminal)
  }
}

async function checkFiles(files: readonly string[], json: boolean, terminal: Terminal): Promise<ExitCode> {
  if (files.length === 0) throw new GuardhouseError('bad-request', 'workflows check needs at least one file')
  const { readGraphFile } = await import('../engine/workflow/graph/graph-files.ts')
  const read = await Promise.all(files.map((file) => readGraphFile(dirname(resolve(file)), basename(file), null)))
  const all = read.map((each, at) => ({
    file: files[at] ?? '',
    name: each.name,
    hash: each.hash,
    problems: each.problems,
  }))
  if (json) terminal.printJson({ files: all })
  for (const { file, name, hash, problems } of json ? [] : all) {
    if (hash !== null) terminal.print(`${printableText(file)}: ${printableText(name)}, sealed as ${hash}`)
    printProblems(file, problems, terminal)
  }
  return all.every(({ problems }) => problems.length === 0) ? exitCodes.ok : exitCodes.failed
}

async function listWorkflows(json: boolean, client: ContractClient, terminal: Terminal): Promise<ExitCode> {
  const { workflows } = await client.call('workflows.list', {})
  if (json) {
    terminal.printJson({ workflows })
    return exitCodes.ok
  }
  const rows = workflows.map((each) => [
    printableText(each.name),
    each.problems.length === 0 ? 'ready' : `${each.problems.length} problems`,
    formatCount(each.nodes),
    formatCount(each.edges),
    (each.hash ?? '').slice(0, 12),
    printableText(each.file),
  ])
  if (rows.length > 0) terminal.print(formatTable(workflowColumns, rows, terminal.width))
  for (const { file, problems } of workflows) printProblems(file, problems, terminal)
  terminal.note(workflows.length === 1 ? '1 workflow' : `${formatCount(workflows.length)} workflows`)
  return exitCodes.ok
}

async function start(name: string, given: Given, client: ContractClient, terminal: Terminal): Promise<ExitCode> {
  const timeout = readNumber('timeout', given.timeout, { least: 1, most: 86_400_000, whole: false })
  const started = await client.call('workflows.start', {
    workflow: name,
    payload: readPayload(given.payload),
    ...(timeout !== undefined && { timeout }),
  })
  if (!given.wait) {
    if (given.json) terminal.printJson(started)
    else terminal.print(started.run)
    return exitCodes.ok
  }
  const outcome = await client.call('tokens.outcome', { id: started.token })
  if (given.json) terminal.printJson({ ...started, ...outcome })
  else if (outcome.state === 'COMPLETED') terminal.print(printableText(JSON.stringify(outcome.value, null, 2), 'lines'))
  else {
    terminal.note(`${started.run} ended as ${outcome.state}`)
    if (outcome.error !== undefined) terminal.note(describeError(outcome.error))
  }
  return outcome.state === 'COMPLETED' ? exitCodes.ok : exitCodes.failed
}

async function listRuns(given: Given, client: ContractClient, terminal: Terminal): Promise<ExitCode> {
  const limit = readNumber('limit', given.limit, { least: 1, most: 1000 }) ?? 20
  const page = await client.call('workflows.runs', { limit })
  if (given.json) {
    terminal.printJson(page)
    return exitCodes.ok
  }
  if (page.rows.length > 0) terminal.print(formatTable(runColumns, page.rows.map(runCells), terminal.width))
  terminal.note(`shown ${formatCount(page.rows.length)} of ${formatCount(page.kept)} runs`)
  return exitCodes.ok
}

async function compare(
  left: string,
  right: string,
  json: boolean,
  client: ContractClient,
  terminal: Terminal,
): Promise<ExitCode> {
  const answer = await client.call('workflows.compare', { left, right })
  if (json) terminal.printJson(answer)
  else if (answer.first === null) terminal.print(`the same in all ${formatCount(answer.compared)} visits`)
  else {
    const { node, kind, left: one, right: two } = answer.first
    terminal.print(printableText(`first difference at node ${node}: ${kind}`))
    terminal.print(printableText(`left:  ${one?.text ?? 'not there'}\nright: ${two?.text ?? 'not there'}`, 'lines'))
  }
  return answer.same ? exitCodes.ok : exitCodes.failed
}

async function replay(run: string, json: boolean, client: ContractClient, terminal: Terminal): Promise<ExitCode> {
  const answer = await client.call('workflows.replay', { run })
  const { difference, records, withheld, brokenOff } = answer
  if (json) terminal.printJson(answer)
  else if (difference === null) terminal.print(`the same in all ${formatCount(records)} records`)
  else {
    const { line, place, field, reason, recorded, replayed } = difference
    terminal.print(printableText(`line ${line} of its evidence, ${place}: ${field}: ${reason}`))
    terminal.print(printableText(`recorded: ${recorded.text}\nreplayed: ${replayed.text}`, 'lines'))
  }
  if (!json && brokenOff) terminal.note('the run broke off there; what came behind is not recorded')
  if (!json && withheld > 0) terminal.note(`${formatCount(withheld)} steps with secrets took the recorded answer`)
  return answer.same ? exitCodes.ok : exitCodes.failed
}

const workflowColumns: readonly Column[] = [
  { title: 'WORKFLOW', flexible: true },
  { title: 'STATE' },
  { title: 'NODES', align: 'right' },
  { title: 'EDGES', align: 'right' },
  { title: 'SEAL' },
  { title: 'FILE', flexible: true },
]

const runColumns: readonly Column[] = [
  { title: 'RUN', flexible: true },
  { title: 'WORKFLOW', flexible: true },
  { title: 'STATE' },
  { title: 'STATUS' },
  { title: 'NODES', align: 'right' },
  { title: 'DURATION', align: 'right' },
]

function runCells(row: WorkflowRunRow): string[] {
  return [
    printableText(row.id),
    printableText(row.workflow),
    row.state,
    printableText(row.status ?? '-'),
    `${formatCount(row.left)}/${formatCount(row.nodes)}`,
    formatDuration(row.duration),
  ]
}

function printProblems(file: string, problems: WorkflowInfo['problems'], terminal: Terminal): void {
  for (const { line, column, message, hint } of problems) {
    terminal.note(printableText(`${file}:${line}:${column}: ${message}${hint === null ? '' : `. ${hint}`}`))
  }
}

function readPayload(path: string | undefined): Record<string, unknown> {
  if (path === undefined) return {}
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new GuardhouseError(
      'bad-request',
      `--payload ${path}: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new GuardhouseError('bad-request', `--payload ${path} must hold a JSON object`)
}

function unknownAction(action: string): GuardhouseError {
  const meant = nearestName(action, actions)
  const help = meant === null ? `there is ${actions.join(', ')}` : `did you mean ${meant}?`
  return new GuardhouseError('bad-request', `workflows cannot ${action}; ${help}`)
}
