import { mkdirSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { GuardhouseError, toErrorData } from '../../shared/errors.ts'
import { printCompact } from '../engine/json/print.ts'
import { object } from '../engine/json/value.ts'
import { type ExportForm, writeExport } from '../engine/workflow/export/export-run.ts'
import { declaredGate } from '../engine/workflow/governance/declared-gate.ts'
import type { Clock, Entropy } from '../engine/workflow/ports.ts'
import { nestedTracePath, recordingIn } from '../engine/workflow/run/run-files.ts'
import { runWorkflow } from '../engine/workflow/run/run-workflow.ts'
import { findWorkflow } from '../engine/workflow/run/walk.ts'
import { declaredSecrets } from '../engine/workflow/secrets/declared-secrets.ts'
import { Redactor } from '../engine/workflow/secrets/redactor.ts'
import type { WorkflowOutcome } from '../engine/workflow/side-effects/side-effect.ts'
import { load, seal } from '../engine/workflow/snapshot/load.ts'
import { fileStores } from '../engine/workflow/stores/file-stores.ts'
import { stagedStores } from '../engine/workflow/stores/staged-stores.ts'
import { defaultIndexFolder } from '../engine/workflow/stores/store-index.ts'
import type { StoreOptions } from '../engine/workflow/stores/store-options.ts'
import { TraceFile } from '../engine/workflow/trace/trace-file.ts'
import { isFileName, traceIdFor, workflowCode } from '../engine/workflow/trace/trace-id.ts'
import { secretTransformFields } from '../engine/workflow/transforms/secret-fields.ts'
import type { Surroundings } from './command.ts'
import { type ExitCode, exitCodes } from './exit-code.ts'
import { exportTrace } from './export-trace.ts'
import { hintAbout, readRunPayload } from './run-payload.ts'
import { StopSignals } from './stop-signals.ts'
import type { Terminal } from './terminal.ts'

const line = '='.repeat(60)

/** What the command line says about a run. */
export interface RunRequest {
  readonly wf: string
  readonly payload: string | undefined
  readonly dataRoot: string | undefined
  readonly workspace: string | undefined
  readonly strict: boolean
  readonly seal: boolean
  readonly enforce: boolean
  readonly evidence: boolean
  /** Keep secrets in the evidence, so that every step can be walked again. */
  readonly recordSecrets: boolean
  /** Names that are secret besides those that the workspace declares. */
  readonly redact: readonly string[]
  /** Keep changes of stores back until the run has succeeded. */
  readonly transaction: boolean
  readonly storeOptions: Pick<StoreOptions, 'endOpenLines' | 'durable'>
  /** Forms in which the run is exported beside its trace. */
  readonly exports: readonly ExportForm[]
  readonly json: boolean
  readonly clock: Clock
  readonly entropy: Entropy
  /** How many nodes may be visited; null: as many as there are. */
  readonly hopLimit: number | null
  /** Milliseconds; null: none. */
  readonly timeLimit: number | null
}

/** Runs one workflow and prints how it went. Throws an Error with the text that the reference prints. */
export async function runOnce(request: RunRequest, { terminal, environment }: Surroundings): Promise<ExitCode> {
  const { wf, clock, entropy, timeLimit } = request
  const say = (text: string): void => (request.json ? undefined : terminal.print(text))
  if (!wf.includes('::')) throw new Error(`Invalid WF FQDN (expected <domain>::<CODE>): '${wf}'`)
  const [domain = ''] = wf.split('::')
  const code = workflowCode(wf)
  if (!isFileName(code)) throw new Error(`Invalid WF FQDN (its code is a path, not a name): '${wf}'`)
  const dataRoot = requiredFolder('--data-root', request.dataRoot, 'PGS_DATA_ROOT', environment)
  const workspace = requiredFolder('--workspace', request.workspace, 'PGS_WORKSPACE', environment)
  const payload = readRunPayload(request.payload)
  say(`[pgs_runtime] Loading ${domain} snapshot...`)
  if (request.seal) seal(load(workspace).domain(domain))
  const snapshot = load(workspace, { strict: request.strict }).domain(domain)
  const traceId = traceIdFor(clock.wallMicroseconds(), domain, wf, payload)
  const folder = join(workspace, 'traces', domain, code, traceId)
  mkdirSync(folder, { recursive: true })
  say(`[pgs_runtime] Workflow:  ${wf}`)
  say(`[pgs_runtime] Trace ID:  ${traceId}`)
  say(`[pgs_runtime] Trace dir: ${folder}\n`)
  const workflow = findWorkflow(snapshot, wf)
  const secrets = [...declaredSecrets(workspace), ...request.redact]
  const leftOut = request.recordSecrets ? secrets : [...secretTransformFields, ...secrets]
  const output = new Redactor(secrets)
  const files = fileStores(dataRoot, { ...request.storeOptions, indexFolder: defaultIndexFolder(environment) })
  const staged = request.transaction ? stagedStores(files) : null
  const stores = staged ?? files
  const started = clock.wallMicroseconds()
  let milliseconds = 0
  const tracePath = join(folder, `${traceId}.jsonl`)
  const running = withRuntimeErrors(hintAbout(payload, request.payload), async () => {
    using trace = new TraceFile(tracePath)
    // The first Ctrl-C ends the run in order, with its trace; the second one ends the process.
    using signals = new StopSignals()
    const stop = new AbortController()
    void signals.asked.then(() => stop.abort())
    const openNestedTrace = (number: number, code: string): TraceFile =>
      new TraceFile(nestedTracePath(folder, number, code))
    const recording = request.evidence ? recordingIn(folder, traceId, leftOut) : null
    const ports = {
      ...{ clock, entropy, stores, mail: null, trace, openNestedTrace },
      ...(recording === null ? {} : { recording }),
    }
    return await runWorkflow(workflow, payload, ports, {
      traceId,
      hopLimit: request.hopLimit,
      signal: stop.signal,
      ...(timeLimit === null ? {} : { timeLimitMilliseconds: timeLimit }),
      ...(secrets.length === 0 ? {} : { traceRedactor: output }),
      ...(request.enforce ? { gate: declaredGate(snapshot, dataRoot) } : {}),
    })
  })
  const outcome = await running.finally(async () => {
    milliseconds = Math.trunc((clock.wallMicroseconds() - started) / 1000)
    await exportBeside(tracePath, request.exports, terminal)
  })
  const succeeded = ['SUCCESS', 'ALREADY_EXISTS'].includes(outcome.status)
  if (succeeded) staged?.commit()
  else if (staged !== null) terminal.note(`Rolled back: ${staged.changes} changed stores are as they were`)
  const shown = { ...outcome, surface: output.object(outcome.surface) }
  if (request.json) terminal.print(summaryJson(wf, traceId, milliseconds, shown))
  else terminal.print(summaryText(wf, traceId, milliseconds, shown))
  return succeeded ? exitCodes.ok : exitCodes.failed
}

/** Writes summary and pictures beside the trace. What goes wrong with them is said, and changes nothing about the run. */
async function exportBeside(tracePath: string, forms: readonly ExportForm[], terminal: Terminal): Promise<void> {
  for (const form of forms) {
    try {
      writeExport(tracePath.replace(/jsonl$/, form), await exportTrace(tracePath, form))
    } catch (error) {
      terminal.note(`The ${form} of the run was not written: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
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

/** Says of what stops a run that it did so; `about`: what a person has to know besides, null for what the error says. */
async function withRuntimeErrors(about: string | null, run: () => Promise<WorkflowOutcome>): Promise<WorkflowOutcome> {
  try {
    return await run()
  } catch (error) {
    const { message, kind, hint } = toErrorData(error, 'operation-failed')
    const shown = about ?? hint
    throw new GuardhouseError(kind, `Runtime error: ${message}`, {
      cause: error,
      ...(shown === undefined ? {} : { hint: shown }),
    })
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
