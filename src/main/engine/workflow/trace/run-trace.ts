import { printCompact, printText } from '../../json/print.ts'
import type { JsonObject } from '../../json/value.ts'
import type { Clock } from '../ports.ts'

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

  constructor({ traceId, domain, workflow }: TraceSubject, sink: TraceSink, clock: Clock) {
    this.#sink = sink
    this.#clock = clock
    this.#start = `{"trace_schema_version":"v0","trace_id":${printText(traceId)},"event_type":"`
    this.#middle = `","domain":${printText(domain)},"wf_addr":${workflow.address},"cc_addr":`
    this.#workflowName = printText(workflow.name)
  }

  workflowStart(payload: JsonObject): void {
    const detail = `{"wf_fqdn":${this.#workflowName},"payload_keys":${printCompact([...payload.keys()])}}`
    this.#write('WF_START', 'null,"step_addr":null,"step_op":null,"result_status":null', detail)
  }

  contractStart(contract: TracedContract, inputs: JsonObject): void {
    const subject = `${contract.address},"step_addr":null,"step_op":null,"result_status":null`
    this.#write('CC_START', subject, `{"cc_fqdn":${contract.printedName},"inputs":${printCompact(inputs)}}`)
  }

  /** `printed` is made by `printStep`. */
  step(printed: PrintedStep): void {
    this.#write('CC_STEP', printed.subject, printed.detail)
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

  error(message: string): void {
    const subject = 'null,"step_addr":null,"step_op":null,"result_status":null'
    this.#write('ERROR', subject, `{"message":${printText(message)}}`)
  }

  #write(type: string, subject: string, detail: string): void {
    const time = this.#clock.traceNanoseconds()
    this.#sink.write(`${this.#start}${type}${this.#middle}${subject},"detail":${detail},"ts_ns":${time}}\n`)
  }
}

/** A contract as traces name it. */
export interface TracedContract {
  readonly address: number
  /** Its full name as a JSON text. */
  readonly printedName: string
}

/** The parts of a step's event, which are the same whenever the step runs. */
export interface PrintedStep {
  readonly subject: string
  readonly detail: string
}

export function printStep(
  contract: number,
  step: { readonly address: number; readonly operation: string | null; readonly name: string },
  outputs: JsonObject,
): PrintedStep {
  const operation = step.operation === null ? 'null' : printText(step.operation)
  return {
    subject: `${contract},"step_addr":${step.address},"step_op":${operation},"result_status":null`,
    detail: `{"step_fqdn":${printText(step.name)},"result_keys":${printCompact([...outputs.keys()])}}`,
  }
}
