import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { GuardhouseError } from '../../shared/errors.ts'
import { parseJson } from '../engine/workflow/json/parse.ts'
import { printCompact } from '../engine/workflow/json/print.ts'
import { emptyObject, type JsonValue, object } from '../engine/workflow/json/value.ts'
import type { Clock, Entropy } from '../engine/workflow/ports.ts'
import { fixedClock, labelledEntropy, systemEntropy } from '../engine/workflow/run/clocks.ts'
import { runWorkflow } from '../engine/workflow/run/run-workflow.ts'
import { findWorkflow } from '../engine/workflow/run/walk.ts'
import type { WorkflowOutcome } from '../engine/workflow/side-effects/side-effect.ts'
import { load, seal } from '../engine/workflow/snapshot/load.ts'
import { fileStores } from '../engine/workflow/stores/file-stores.ts'
import { TraceFile } from '../engine/workflow/trace/trace-file.ts'
import { traceIdFor, workflowCode } from '../engine/workflow/trace/trace-id.ts'
import { readIsoDate } from '../engine/workflow/transforms/iso-date.ts'
import { defineCommand, type OptionValues, type Surroundings } from './command.ts'
import { type ExitCode, exitCodes } from './exit-code.ts'
import type { Terminal } from './terminal.ts'

const options = {
  wf: { type: 'string', value: 'DOMAIN::CODE', help: 'Full name of the workflow' },
  payload: { type: 'string', value: 'FILE', help: 'JSON file with what the run is given; left out: an empty object' },
  'data-root': { type: 'string', value: 'PATH', help: 'Folder of all stores, absolute; left out: PGS_DATA_ROOT' },
  workspace: { type: 'string', value: 'PATH', help: 'Folder of the snapshots, absolute; left out: PGS_WORKSPACE' },
  strict: { type: 'boolean', help: 'Refuse a snapshot with a wrong hash, or one that is not as it was sealed' },
  seal: { type: 'boolean', help: 'First record the snapshot as it is now as the approved one' },
  'time-limit': { type: 'string', value: 'SECONDS', help: 'Stop the run after this time' },
  'fixed-clock': { type: 'string', value: 'ISO', help: 'Hold the wall clock at this time' },
  'mono-start-ns': {
    type: 'string',
    value: 'N',
    help: 'Time of the first trace event; each further one is 1000 later',
  },
  'entropy-label': { type: 'string', value: 'TEXT', help: 'Take all randomness from hashes of this text and a count' },
} as const
type RunOptions = OptionValues<typeof options>

/** The reference stops a run at its 65th node; runs from the command line end where its runs end. */
const hopLimit = 64
const line = '='.repeat(60)

export const runCommand = defineCommand({
  name: 'run',
  parameters: '--wf DOMAIN::CODE',
  summary: 'Run a sealed workflow of a snapshot, and write its trace',
  details: [
    'Texts, files and exit codes are those of pgs_runtime 0.3.0: 0 for SUCCESS and ALREADY_EXISTS, 1 for any other',
    'status and for every error. Traces lie below traces/ in the workspace; those of nested runs in nested/ beside them.',
  ],
  examples: ['guardhouse run --wf shop::WF_ORDER_V0 --payload order.json --data-root /var/shop --workspace /srv/shop'],
  positionals: { least: 0, most: 0 },
  options,
  async run({ options: given }, { terminal, environment }) {
    const { wf } = given
    if (wf === undefined) throw new GuardhouseError('bad-request', 'run needs the workflow: --wf DOMAIN::CODE')
    const surroundings = { clock: clockFrom(given), entropy: entropyFrom(given), timeLimit: timeLimitFrom(given) }
    try {
      return await runOnce(wf, given, surroundings, terminal, environment)
    } catch (error) {
      terminal.note(`[pgs_runtime] Error: ${error instanceof Error ? error.message : String(error)}`)
      return exitCodes.failed
    }
  },
})

interface RunSurroundings {
  readonly clock: Clock
  readonly entropy: Entropy
  /** Milliseconds; null: none. */
  readonly timeLimit: number | null
}

async function runOnce(
  wf: string,
  given: RunOptions & { readonly json: boolean },
  { clock, entropy, timeLimit }: RunSurroundings,
  terminal: Terminal,
  environment: Surroundings['environment'],
): Promise<ExitCode> {
  const say = (text: string): void => (given.json ? undefined : terminal.print(text))
  if (!wf.includes('::')) throw new Error(`Invalid WF FQDN (expected <domain>::<CODE>): '${wf}'`)
  const [domain = ''] = wf.split('::')
  const dataRoot = requiredFolder('--data-root', given['data-root'], 'PGS_DATA_ROOT', environment)
  const workspace = requiredFolder('--workspace', given.workspace, 'PGS_WORKSPACE', environment)
  const payload = readPayload(given.payload)
  say(`[pgs_runtime] Loading ${domain} snapshot...`)
  if (given.seal) seal(load(workspace).domain(domain))
  const snapshot = load(workspace, { strict: given.strict }).domain(domain)
  const traceId = traceIdFor(clock.wallMicroseconds(), domain, wf, payload)
  const folder = join(workspace, 'traces', domain, workflowCode(wf), traceId)
  mkdirSync(folder, { recursive: true })
  say(`[pgs_runtime] Workflow:  ${wf}`)
  say(`[pgs_runtime] Trace ID:  ${traceId}`)
  say(`[pgs_runtime] Trace dir: ${folder}\n`)
  const workflow = findWorkflow(snapshot, wf)
  const started = clock.wallMicroseconds()
  const outcome = await withRuntimeErrors(async () => {
    using trace = new TraceFile(join(folder, `${traceId}.jsonl`))
    const openNestedTrace = (number: number, code: string): TraceFile =>
      new TraceFile(join(folder, 'nested', `${String(number).padStart(4, '0')}__${code}.jsonl`))
    const ports = { clock, entropy, stores: fileStores(dataRoot), mail: null, trace, openNestedTrace }
    const limits = timeLimit === null ? { hopLimit } : { hopLimit, timeLimitMilliseconds: timeLimit }
    return await runWorkflow(workflow, payload, ports, { traceId, ...limits })
  })
  const milliseconds = Math.trunc((clock.wallMicroseconds() - started) / 1000)
  if (given.json) terminal.print(summaryJson(wf, traceId, milliseconds, outcome))
  else terminal.print(summaryText(wf, traceId, milliseconds, outcome))
  return ['SUCCESS', 'ALREADY_EXISTS'].includes(outcome.status) ? exitCodes.ok : exitCodes.failed
}

function summaryText(wf: string, traceId: string, milliseconds: number, { status, surface }: WorkflowOutcome): string {
  const fields = [
    `Workflow:   ${wf}`,
    `Status:     ${status}`,
    `Trace ID:   ${traceId}`,
    `Duration:   ${milliseconds}ms`,
  ]
  if (surface.size > 0) fields.push(`Output:     ${printCompact(surface)}`)
  return [line, '[pgs_runtime] Workflow Complete', line, ...fields, line].join('\n')
}

function summaryJson(wf: string, traceId: string, milliseconds: number, { status, surface }: WorkflowOutcome): string {
  return printCompact(object({ workflow: wf, status, trace_id: traceId, duration_ms: milliseconds, output: surface }))
}

async function withRuntimeErrors(run: () => Promise<WorkflowOutcome>): Promise<WorkflowOutcome> {
  try {
    return await run()
  } catch (error) {
    throw new Error(`Runtime error: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

/** From the option, else from the environment; an empty text counts as missing. */
function requiredFolder(
  flag: string,
  value: string | undefined,
  variable: string,
  environment: Surroundings['environment'],
): string {
  const path = value || environment[variable]
  if (!path) throw new Error(`${flag} PATH or ${variable} is required`)
  if (!isAbsolute(path)) throw new Error(`${flag} must be an absolute path, got: ${path}`)
  return path
}

function readPayload(path: string | undefined): JsonValue {
  if (!path) return emptyObject
  if (!existsSync(path)) throw new Error(`Payload file not found: ${path}`)
  const text = readFileSync(path, 'utf8')
  try {
    return parseJson(text)
  } catch (error) {
    throw new Error(`Payload file is not valid JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function clockFrom(given: RunOptions): Clock {
  const wall = given['fixed-clock']
  const start = given['mono-start-ns']
  const microseconds = wall === undefined ? null : readIsoDate(wall)
  if (wall !== undefined && microseconds === null) {
    throw new GuardhouseError('bad-request', `--fixed-clock needs an ISO 8601 time, not "${wall}"`)
  }
  if (start !== undefined && !/^\d+$/.test(start)) {
    throw new GuardhouseError('bad-request', `--mono-start-ns needs a whole number of nanoseconds, not "${start}"`)
  }
  return fixedClock({
    ...(microseconds === null ? {} : { wallMicroseconds: Number(microseconds) }),
    ...(start === undefined ? {} : { traceStartNanoseconds: BigInt(start) }),
  })
}

function entropyFrom(given: RunOptions): Entropy {
  const label = given['entropy-label']
  return label === undefined ? systemEntropy : labelledEntropy(label)
}

function timeLimitFrom(given: RunOptions): number | null {
  const text = given['time-limit']
  if (text === undefined) return null
  const seconds = Number(text)
  if (Number.isFinite(seconds) && seconds > 0) return seconds * 1000
  throw new GuardhouseError('bad-request', `--time-limit needs a number of seconds above 0, not "${text}"`)
}
