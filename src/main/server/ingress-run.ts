import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describeValue } from '../engine/json/describe.ts'
import { parseJson } from '../engine/json/parse.ts'
import { emptyObject, isObject, type JsonObject, type JsonValue, object } from '../engine/json/value.ts'
import type { Clock, Entropy } from '../engine/workflow/ports.ts'
import { nestedTracePath, recordingIn } from '../engine/workflow/run/run-files.ts'
import { runWorkflow } from '../engine/workflow/run/run-workflow.ts'
import { findWorkflow, type Workflow } from '../engine/workflow/run/walk.ts'
import { declaredSecrets } from '../engine/workflow/secrets/declared-secrets.ts'
import { Redactor } from '../engine/workflow/secrets/redactor.ts'
import { type DomainSnapshot, load, type Workspace } from '../engine/workflow/snapshot/load.ts'
import { fileStores, type Stores } from '../engine/workflow/stores/file-stores.ts'
import { TraceFile } from '../engine/workflow/trace/trace-file.ts'
import { traceIdFor, workflowCode } from '../engine/workflow/trace/trace-id.ts'
import { secretTransformFields } from '../engine/workflow/transforms/secret-fields.ts'

export interface IngressRunOptions {
  /** Absolute folder of the snapshots. */
  readonly workspace: string
  /** Absolute folder of all stores. */
  readonly dataRoot: string
  readonly clock: Clock
  readonly entropy: Entropy
  /** Where indexes of long stores are kept; null: nowhere. */
  readonly indexFolder: string | null
  readonly timeLimitMilliseconds?: number
}

/** What a request for a run is answered. */
export interface IngressAnswer {
  readonly code: 200 | 400 | 500
  readonly body: JsonObject
  /** The status of the workflow; null when none ran. */
  readonly status: string | null
}

/** Runs workflows for requests. Stores are opened once and shared, so that requests get in order into each other's way. */
export class IngressRuns {
  readonly #options: IngressRunOptions
  readonly #workspace: Workspace
  readonly #stores: Stores

  constructor(options: IngressRunOptions) {
    this.#options = options
    this.#workspace = load(options.workspace)
    this.#stores = fileStores(options.dataRoot, { indexFolder: options.indexFolder })
  }

  /** Answers the body of a request. Never rejects. `signal` ends the run when nobody waits for its answer any more. */
  async answer(text: string, signal: AbortSignal): Promise<IngressAnswer> {
    const body = parsed(text)
    if (body === undefined) return refused('Request body must be valid JSON')
    if (!isObject(body)) return refused('Request body must be a JSON object')
    const code = body.get('workflow_code') ?? ''
    if (typeof code !== 'string' || !code.includes('::'))
      return refused(`Invalid workflow_code: ${describeValue(code)}`)
    const payload = body.has('payload') ? (body.get('payload') ?? null) : emptyObject
    if (!isObject(payload)) return refused('payload must be a JSON object')
    const domain = code.slice(0, code.indexOf('::'))
    const snapshot = this.#load(domain)
    if (snapshot instanceof Error) {
      return failed({ error: `Snapshot load failed for domain '${domain}': ${snapshot.message}` })
    }
    if (snapshot.vocabulary.addressOf(code) === null) return refused(`WF not found in vocab: ${describeValue(code)}`)
    return await this.#run(findWorkflow(snapshot, code), payload, signal)
  }

  #load(domain: string): DomainSnapshot | Error {
    try {
      return this.#workspace.domain(domain)
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error))
    }
  }

  async #run(workflow: Workflow, payload: JsonObject, signal: AbortSignal): Promise<IngressAnswer> {
    const { workspace, clock, entropy, timeLimitMilliseconds } = this.#options
    const { domain } = workflow.snapshot
    const traceId = traceIdFor(clock.wallMicroseconds(), domain, workflow.name, payload)
    const folder = join(workspace, 'traces', domain, workflowCode(workflow.name), traceId)
    const started = clock.wallMicroseconds()
    let shown = new Redactor([])
    try {
      const secrets = declaredSecrets(workspace)
      shown = new Redactor(secrets)
      mkdirSync(folder, { recursive: true })
      using trace = new TraceFile(join(folder, `${traceId}.jsonl`))
      const openNestedTrace = (number: number, code: string) => new TraceFile(nestedTracePath(folder, number, code))
      const recording = recordingIn(folder, traceId, [...secretTransformFields, ...secrets])
      const ports = { clock, entropy, stores: this.#stores, mail: null, trace, openNestedTrace, recording }
      const limit = timeLimitMilliseconds === undefined ? {} : { timeLimitMilliseconds }
      const { status, surface } = await runWorkflow(workflow, payload, ports, {
        traceId,
        hopLimit: 64,
        signal,
        ...limit,
        ...(shown.active ? { traceRedactor: shown } : {}),
      })
      const duration = Math.trunc((clock.wallMicroseconds() - started) / 1000)
      const answered = { status, trace_id: traceId, duration_ms: duration, workflow_code: workflow.name }
      return { code: 200, status, body: object({ ...answered, result_payload: shown.object(surface) }) }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      return failed({ error: shown.text(message), trace_id: traceId, workflow_code: workflow.name })
    }
  }
}

function parsed(text: string): JsonValue | undefined {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

function refused(error: string): IngressAnswer {
  return { code: 400, status: null, body: object({ error }) }
}

function failed(fields: Readonly<Record<string, JsonValue>>): IngressAnswer {
  return { code: 500, status: null, body: object({ status: 'ERROR', ...fields }) }
}
