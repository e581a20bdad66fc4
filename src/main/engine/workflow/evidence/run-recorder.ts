import { createHash } from 'node:crypto'
import { canonicalHash } from '../../json/canonical-hash.ts'
import type { JsonValue } from '../../json/value.ts'
import { declaredEnding } from '../governance/declared-ending.ts'
import type {
  NodeEntered,
  NodeLeft,
  NodeVisit,
  RunEnded,
  RunObserver,
  RunStarted,
  StepEnded,
} from '../run/run-observer.ts'
import { RunStopped } from '../run/run-stopped.ts'
import type { WalkPorts, Workflow } from '../run/walk.ts'
import type { Redactor } from '../secrets/redactor.ts'
import type { NodeReference } from '../snapshot/dispatch-table.ts'
import type { DomainSnapshot } from '../snapshot/load.ts'
import type { TraceSink } from '../trace/run-trace.ts'
import {
  type Ending,
  evidenceVersion,
  type NodeName,
  type RunSettingsRecord,
  type RunSource,
} from './evidence-record.ts'
import type { RecordWriter } from './evidence-writer.ts'
import { RecordedPorts } from './recorded-ports.ts'

/** What a recorder has to know of a run besides what it hears. */
export interface RecordedRun {
  readonly workflow: Workflow
  readonly traceId: string
  readonly capabilities: string
  readonly settings: RunSettingsRecord
  readonly parent: string | null
  readonly token: string | null
  readonly payload: JsonValue
}

/** Writes the evidence of one run as it goes on. */
export class RunRecorder implements RunObserver {
  readonly #run: RecordedRun
  readonly #writer: RecordWriter
  readonly #redactor: Redactor
  readonly #ports: WalkPorts
  readonly #recorded: RecordedPorts
  readonly #traceHash = createHash('sha256')
  #started = false
  #ended = false
  #visits = 0
  #steps = 0
  #runs: string[] = []

  constructor(run: RecordedRun, ports: WalkPorts, writer: RecordWriter, redactor: Redactor) {
    this.#run = run
    this.#ports = ports
    this.#writer = writer
    this.#redactor = redactor
    this.#recorded = new RecordedPorts(ports)
  }

  /** The ports that the run has to use, so that its readings and its trace are known. */
  get ports(): WalkPorts {
    const { clock, entropy } = this.#recorded
    return { ...this.#ports, clock, entropy, trace: this.#hashedTrace(this.#ports.trace) }
  }

  /** True once the last record is written. */
  get complete(): boolean {
    return this.#ended
  }

  /** A step of this run has started another one. */
  startedRun(traceId: string): void {
    this.#runs.push(traceId)
  }

  started({ turnedAway, at }: RunStarted): void {
    this.#writeStart(turnedAway, at)
  }

  nodeEntered({ visit, inputs, at, ...entered }: NodeEntered): void {
    this.#visits += 1
    const after = visit === 0 ? [] : [visit - 1]
    this.#writer.write({
      kind: 'enter',
      visit,
      node: this.#nameOf(entered),
      after,
      inputs: this.#redactor.object(inputs),
      at,
    })
  }

  stepEnded({ visit, index, step, inputs, status, result, output, failure, at }: StepEnded): void {
    this.#steps += 1
    const redact = this.#redactor
    const { clock, entropy } = this.#recorded.take()
    const secretEntropy = step.operation === null
    const runs = this.#runs
    if (runs.length > 0) this.#runs = []
    this.#writer.write({
      kind: 'step',
      visit,
      step: index,
      id: step.stepId,
      name: step.name,
      operation: step.operation,
      inputs: redact.object(inputs),
      outcome: status,
      answer: result === null ? null : redact.value(result),
      output: redact.object(output),
      failure: failure === null ? null : redact.text(messageOf(failure)),
      clock,
      entropy: entropy.map((bytes) => this.#shownEntropy(bytes, secretEntropy)),
      runs,
      at,
      ran: null,
    })
  }

  nodeLeft({ visit, status, surface, next, at }: NodeLeft): void {
    const to = next === null ? [] : [this.#idOf(next)]
    this.#writer.write({ kind: 'leave', visit, status, output: this.#redactor.object(surface), to, at })
  }

  ended({ status, surface, error, last, at }: RunEnded): void {
    // A run that cannot even start is a run as well.
    this.#writeStart(null, at)
    this.#writer.write({
      kind: 'end',
      status,
      output: this.#redactor.object(surface),
      error: error === null ? null : this.#redactor.text(messageOf(error)),
      ending: this.#endingOf(status, error, last),
      visits: this.#visits,
      steps: this.#steps,
      wall: this.#ports.clock.wallMicroseconds(),
      at,
      trace: this.#traceHash.digest('hex'),
    })
    this.#ended = true
  }

  #writeStart(turnedAway: string | null, at: bigint): void {
    if (this.#started) return
    this.#started = true
    const { workflow, traceId, capabilities, settings, parent, token } = this.#run
    const payload = this.#redactor.value(this.#run.payload)
    this.#writer.write({
      kind: 'run',
      version: evidenceVersion,
      traceId,
      workflow: workflow.name,
      domain: workflow.snapshot.domain,
      source: sourceOf(workflow.snapshot, capabilities),
      payload,
      payloadHash: canonicalHash(payload),
      turnedAway,
      settings,
      parent,
      token,
      wall: this.#ports.clock.wallMicroseconds(),
      at,
    })
  }

  /** The random bytes of a transform are key material; those of a side effect make addresses that everybody sees. */
  #shownEntropy(bytes: Uint8Array, secret: boolean): string {
    const digits = Buffer.from(bytes).toString('hex')
    return secret && this.#redactor.active ? this.#redactor.mark(digits) : digits
  }

  #nameOf({ node, contract }: Pick<NodeVisit, 'node' | 'contract'>): NodeName {
    const { vocabulary } = this.#run.workflow.snapshot
    const name = contract?.name ?? vocabulary.nameOf(node.address)
    return { type: contract === null ? 'boundary' : 'contract', id: this.#idOf(node), name, address: node.address }
  }

  #idOf(node: NodeReference): string {
    return node.key ?? codeOf(this.#run.workflow.snapshot.vocabulary.nameOf(node.address))
  }

  #endingOf(status: string | null, error: unknown, last: NodeReference | null): Ending {
    if (status === null) return error instanceof RunStopped ? 'stopped' : 'failed'
    // A gate turned the run away, as the workflow declares it.
    if (last === null) return 'declared'
    return declaredEnding(this.#run.workflow.snapshot, this.#run.workflow.name, last, status)
  }

  #hashedTrace(trace: TraceSink): TraceSink {
    return {
      write: (line) => {
        this.#traceHash.update(line)
        trace.write(line)
      },
    }
  }
}

function sourceOf(snapshot: DomainSnapshot, capabilities: string): RunSource {
  const files = Object.entries(snapshot.files).map(([part, { sha256 }]) => [part, sha256])
  const { dialect } = snapshot.dispatch
  return { type: 'snapshot', hash: snapshot.hash, files: Object.fromEntries(files), dialect, capabilities }
}

function codeOf(name: string): string {
  const cut = name.lastIndexOf('::')
  return cut < 0 ? name : name.slice(cut + 2)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
