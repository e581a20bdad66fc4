import type { ErrorData } from '../../../shared/errors.ts'
import type { OperationTags } from '../../../shared/model/operation.ts'
import { tokenStates, type Weight, weights } from '../../../shared/model/token.ts'
import { weightOfOperation } from '../../../shared/model/weight.ts'
import type { WorkerOperation } from '../workers/worker-protocol.ts'
import type { PauseNote } from './pause-note.ts'
import { SampleWindow } from './sample-window.ts'
import type { RunnableOperation } from './scheduler-types.ts'
import { type QueueLinks, TokenQueue } from './token-queue.ts'

// Enough for steady quantiles, small enough for hundreds of operations.
const samplesPerOperation = 256

/** One operation as the scheduler knows it. Its index never changes, so records and frames can carry it. */
export class OperationEntry {
  readonly index: number
  readonly operationType: string
  tags: OperationTags = {}
  weight: Weight = 'medium'
  weightNumber = 1
  /** Its tags ask for an anchor, a domain or a storage tier. */
  ruled = false
  /** Null while no module offers it. */
  moduleUrl: string | null = null
  paused = false
  pausedBy: PauseNote | null = null
  /** Tokens that wait while the operation is paused. */
  readonly held: TokenQueue
  /** By state: tokens in it now, for final states tokens that ended so since start. */
  readonly counts = new Float64Array(tokenStates.length)
  readonly waits = new SampleWindow(samplesPerOperation)
  readonly runs = new SampleWindow(samplesPerOperation)
  /** Exponential mean of the run time, microseconds; 0 without samples. */
  meanRun = 0
  lastError: ErrorData | null = null

  constructor(index: number, operationType: string, links: QueueLinks) {
    this.index = index
    this.operationType = operationType
    this.held = new TokenQueue(`held by pause of ${operationType}`, links)
  }

  measure(waited: number, ran: number): void {
    this.waits.add(waited)
    this.runs.add(ran)
    this.meanRun = this.meanRun === 0 ? ran : this.meanRun + (ran - this.meanRun) / 16
  }
}

/** What workers have to know of an operation that can be run. */
export function toWorkerOperation({ index, operationType, tags }: OperationEntry, moduleUrl: string): WorkerOperation {
  return { index, operationType, moduleUrl, processPool: tags.processPool === true }
}

export class OperationTable {
  readonly entries: OperationEntry[] = []
  readonly #byName = new Map<string, OperationEntry>()
  readonly #links: QueueLinks

  constructor(links: QueueLinks) {
    this.#links = links
  }

  find(operationType: string): OperationEntry | undefined {
    return this.#byName.get(operationType)
  }

  at(index: number): OperationEntry {
    const entry = this.entries[index]
    if (entry === undefined) throw new Error(`no operation has the index ${index}`)
    return entry
  }

  /** Replaces what can be run. Operations that are gone keep their entry: their tokens still refer to it. */
  replace(operations: readonly RunnableOperation[]): void {
    for (const entry of this.entries) entry.moduleUrl = null
    for (const { operationType, tags, moduleUrl } of operations) {
      const entry = this.ensure(operationType)
      entry.tags = tags
      entry.weight = weightOfOperation(operationType, tags)
      entry.weightNumber = weights.indexOf(entry.weight)
      entry.ruled =
        tags.stickyAnchor !== undefined || tags.externalCalls !== undefined || tags.storageSpeed !== undefined
      entry.moduleUrl = moduleUrl
    }
  }

  /** The operation of this name; one that no module offers yet is entered as such. */
  ensure(operationType: string): OperationEntry {
    return this.#byName.get(operationType) ?? this.#add(operationType)
  }

  #add(operationType: string): OperationEntry {
    const entry = new OperationEntry(this.entries.length, operationType, this.#links)
    this.entries.push(entry)
    this.#byName.set(operationType, entry)
    return entry
  }
}
