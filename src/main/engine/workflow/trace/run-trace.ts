import { printCompact, printText } from '../../json/print.ts'
import type { JsonObject } from '../../json/value.ts'
import type { Clock } from '../ports.ts'
import type { Redactor } from '../secrets/redactor.ts'

/** Where the lines of a trace go. A line ends with its newline. */
export interface TraceSink {
  write(line: string): void
}

export interface TraceSubject {
  readonly traceId: string
  readonly domain: string
  readonly workflow: { readonly address: number; readonly name: string }
}

/**
 * The compatible trace of one run: one JSON object per event, always with the same keys in the same order. What does
 * not change from event to event is printed once.
 */
export class RunTrace {
  readonly #sink: TraceSink
  readonly #clock: Clock
  readonly #start: string
  readonly #middle: string
  readonly #workflowName: string
  /** The beginning of every step's event. */
  readonly #stepStart: string
  readonly #redactor: Redactor | null
  #lastTime = 0n

  /** `redactor`: what is left out of the trace; null, as the reference has it, for nothing. */
  constructor({ traceId, domain, workflow }: TraceSubject, sink: TraceSink, clock: Clock, redactor: Redactor | null) {
    this.#redactor = redactor
    this.#sink = sink
    this.#clock = clock
    this.#start = `{"trace_schema_version":"v0","trace_id":${printText(traceId)},"event_type":"`
    this.#middle = `","domain":${printText(domain)},"wf_addr":${workflow.address},"cc_addr":`
    this.#workflowName = printText(workflow.name)
    this.#stepStart = `${this.#start}CC_STEP${this.#middle}`
  }

  /** When the last event was: nanoseconds as they stand in it. 0 before the first. */
  get lastTime(): bigint {
    return this.#lastTime
  }

  workflowStart(payload: JsonObject): void {
    const detail = `{"wf_fqdn":${this.#workflowName},"payload_keys":${printCompact([...payload.keys()])}}`
    this.#write('WF_START', 'null,"step_addr":null,"step_op":null,"result_status":null', detail)
  }

  contractStart(contract: TracedContract, given: JsonObject): void {
    const inputs = this.#redactor?.object(given) ?? given
    const subject = `${contract.address},"step_addr":null,"step_op":null,"result_status":null`
    this.#write('CC_START', subject, `{"cc_fqdn":${contract.printedName},"inputs":${printCompact(inputs)}}`)
  }

  /** `printed` is made by `printStep`. Returns the time of the event. */
  step(printed: PrintedStep): bigint {
    const time = this.#clock.traceNanoseconds()
    this.#lastTime = time
    this.#sink.write(`${this.#stepStart}${printed}${time}}\n`)
    return time
  }

  contractComplete(contract: TracedContract, status: string, surface: JsonObject): void {
    const subject = `${contract.address},"step_addr":null,"step_op":null,"result_status":${printText(status)}`
    const detail = `{"cc_fqdn":${contract.printedName},"output_keys":${printCompact([...surface.keys()])}}`
    this.#write('CC_COMPLETE', subject, detail)
  }

  workflowComplete(status: string): void {
    const subject = `null,"step_addr":null,"step_op":null,"result_status":${printText(status)}`
    this.#write('WF_COMPLETE', subject, `{"wf_fqdn":${this.#workflowName}}`)
  }

  error(text: string): void {
    const message = this.#redactor?.text(text) ?? text
    const subject = 'null,"step_addr":null,"step_op":null,"result_status":null'
    this.#write('ERROR', subject, `{"message":${printText(message)}}`)
  }

  #write(type: string, subject: string, detail: string): void {
    const time = this.#clock.traceNanoseconds()
    this.#lastTime = time
    this.#sink.write(`${this.#start}${type}${this.#middle}${subject},"detail":${detail},"ts_ns":${time}}\n`)
  }
}

/** A contract as traces name it. */
export interface TracedContract {
  readonly address: number
  /** Its full name as a JSON text. */
  readonly printedName: string
}

/** What of a step's event is the same whenever the step runs: all between the workflow and the time. */
export type PrintedStep = string & { readonly printedStep: true }

export function printStep(
  contract: number,
  step: { readonly address: number; readonly operation: string | null; readonly name: string },
  outputs: JsonObject,
): PrintedStep {
  const operation = step.operation === null ? 'null' : printText(step.operation)
  const subject = `${contract},"step_addr":${step.address},"step_op":${operation},"result_status":null`
  const detail = `{"step_fqdn":${printText(step.name)},"result_keys":${printCompact([...outputs.keys()])}}`
  return `${subject},"detail":${detail},"ts_ns":` as PrintedStep
}
