import { GuardhouseError, toErrorData } from '../../../shared/errors.ts'
import type { RuntimeTokenStatus } from '../../../shared/model/runtime.ts'
import type { PinnedWorker } from '../workers/pinned-worker.ts'
import type { ChildRun, FromWorker, ToWorker } from '../workers/worker-protocol.ts'
import { type ContextServices, ServiceDesk } from './context-services.ts'
import type { SchedulerState } from './scheduler-state.ts'
import type { SubmitSettings } from './scheduler-types.ts'
import type { TokenRecordExtra } from './token-extra.ts'
import type { TokenHandle } from './token-handle.ts'
import { stateNumbers } from './token-table.ts'

/** Log lines kept for one token; the first ones, because they tell how it began. */
const keptLogLines = 500
/** Children whose ids are listed; all are counted. */
const listedChildren = 50

type MessageOf<Type extends FromWorker['type']> = Extract<FromWorker, { type: Type }>

export interface MessageSurroundings {
  readonly state: SchedulerState
  readonly services: ContextServices
  submit(operationType: string, values: readonly unknown[], settings: SubmitSettings): TokenHandle
  kill(slot: number, actor: string, reason: string): boolean
  /** Brings the states of running tokens up to date. */
  observe(): void
  /** A token has begun that the table does not know of yet. */
  started(slot: number, at: number): void
}

/** Answers what running operations ask over the port: their log, progress, children, and arguments that stayed behind. */
export class WorkerMessages {
  readonly #at: MessageSurroundings
  readonly #desk: ServiceDesk

  constructor(surroundings: MessageSurroundings) {
    this.#at = surroundings
    this.#desk = new ServiceDesk(surroundings.state, surroundings.services)
  }

  receive(worker: PinnedWorker, message: FromWorker): void {
    switch (message.type) {
      case 'log':
        return this.#log(message)
      case 'log-dropped':
        return this.#logDropped(message)
      case 'progress':
        return this.#progress(message)
      case 'pull':
        return this.#pull(worker, message)
      case 'service':
        this.#parentRuns(message.sequence, message.startedAt)
        return this.#desk.receive(worker, message)
      case 'service-cancel':
        return this.#desk.receive(worker, message)
      case 'submit':
        return this.#submit(worker, message)
      case 'child-status':
        return this.#answer(worker, message.request, () => this.#status(message.id))
      case 'child-kill':
        return this.#answer(worker, message.request, () => this.#kill(message))
    }
  }

  #log({ sequence, at, level, text }: MessageOf<'log'>): void {
    const slot = this.#at.state.table.find(sequence)
    if (slot < 0) return
    const { state } = this.#at
    state.log.write(
      'operation',
      level,
      () => text,
      () => {
        const worker = state.workerOf(slot)
        const operation = state.operationOf(slot).operationType
        return { token: state.idOf(slot), operation, core: worker?.core ?? null, slot: worker?.slot ?? null }
      },
    )
    const extra = state.extra(slot)
    if (extra.log.length < keptLogLines) extra.log.push({ at, level, text })
    else this.#dropped(extra, 1)
    this.#at.state.table.version += 1
  }

  #logDropped({ sequence, count }: MessageOf<'log-dropped'>): void {
    const slot = this.#at.state.table.find(sequence)
    if (slot < 0) return
    const extra = this.#at.state.extra(slot)
    this.#dropped(extra, count)
  }

  #dropped(extra: TokenRecordExtra, count: number): void {
    extra.logDropped += count
    this.#at.state.logLinesDropped += count
  }

  #progress({ sequence, fraction, text }: MessageOf<'progress'>): void {
    const slot = this.#at.state.table.find(sequence)
    if (slot < 0) return
    this.#at.state.extra(slot).progress = { fraction, text }
    this.#at.state.table.version += 1
  }

  #pull(worker: PinnedWorker, { sequence }: MessageOf<'pull'>): void {
    const { table } = this.#at.state
    const slot = table.find(sequence)
    const values = slot < 0 ? null : table.values[slot]
    try {
      if (values == null) throw new GuardhouseError('killed', 'the token had ended before its arguments were asked for')
      worker.send({ type: 'arguments', sequence, values }, table.extras[slot]?.transfer ?? [])
    } catch (error) {
      worker.send({ type: 'arguments-failed', sequence, error: toErrorData(asNotCloneable(error)) })
    }
  }

  #submit(worker: PinnedWorker, message: MessageOf<'submit'>): void {
    const { child, parent } = message
    this.#parentRuns(parent, message.parentStartedAt)
    const { restarts } = worker
    // Numbers of children are the thread's own: a thread that came after it must not hear of them.
    const tell = (answer: ToWorker) => {
      if (worker.restarts === restarts) worker.send(answer)
    }
    try {
      const { timeout, queueTimeout, secret } = message
      const settings = { timeout, queueTimeout, parent, secret }
      const handle = this.#at.submit(message.operationType, message.arguments, settings)
      this.#linkChild(parent, handle.sequence)
      worker.send({
        type: 'child-accepted',
        child,
        id: this.#at.state.idOf(this.#at.state.table.find(handle.sequence)),
      })
      handle.then(
        (value) => tell({ type: 'child-ended', child, value, run: this.#runOf(handle.sequence) }),
        (error: unknown) =>
          tell({ type: 'child-failed', child, error: toErrorData(error), run: this.#runOf(handle.sequence) }),
      )
    } catch (error) {
      worker.send({ type: 'child-refused', child, error: toErrorData(error) })
    }
  }

  /** Null for a token that never ran, or is not kept any more. */
  #runOf(sequence: number): ChildRun | null {
    const { state } = this.#at
    const slot = state.table.find(sequence)
    const startedAt = slot < 0 ? 0 : (state.table.startedAt[slot] ?? 0)
    const worker = startedAt === 0 ? null : state.workerOf(slot)
    if (worker === null) return null
    const endedAt = state.table.endedAt[slot] ?? startedAt
    return { id: state.idOf(slot), core: worker.core, worker: worker.slot, startedAt, endedAt }
  }

  #parentRuns(parent: number, startedAt: number): void {
    const { table } = this.#at.state
    const slot = parent > 0 ? table.find(parent) : -1
    if (slot >= 0 && table.state[slot] === stateNumbers.ADMITTED) this.#at.started(slot, startedAt)
  }

  #linkChild(parent: number, sequence: number): void {
    const slot = parent > 0 ? this.#at.state.table.find(parent) : -1
    if (slot < 0) return
    const extra = this.#at.state.extra(slot)
    extra.children += 1
    extra.liveChildren += 1
    if (extra.firstChildren.length < listedChildren) extra.firstChildren.push(sequence)
  }

  #status(id: string): RuntimeTokenStatus {
    const { state } = this.#at
    const slot = this.#slotOf(id)
    this.#at.observe()
    const { table } = state
    const now = state.now()
    const created = table.createdAt[slot] ?? 0
    const started = table.startedAt[slot] ?? 0
    const ended = table.endedAt[slot] ?? 0
    return {
      id,
      state: state.stateOf(slot),
      operationType: state.operationOf(slot).operationType,
      age: (now - created) / 1000,
      waited: ((started || ended || now) - created) / 1000,
      ran: started === 0 ? null : ((ended || now) - started) / 1000,
      core: state.workerOf(slot)?.core ?? null,
    }
  }

  #kill({ id, reason }: MessageOf<'child-kill'>): boolean {
    return this.#at.kill(this.#slotOf(id), 'an operation', reason)
  }

  #slotOf(id: string): number {
    const slot = this.#at.state.slotOf(id)
    if (slot < 0) throw new GuardhouseError('not-found', `token ${id} is not kept any more`)
    return slot
  }

  #answer(worker: PinnedWorker, request: number, ask: () => RuntimeTokenStatus | boolean): void {
    try {
      worker.send({ type: 'answer', request, value: ask() })
    } catch (error) {
      worker.send({ type: 'answer-failed', request, error: toErrorData(error) })
    }
  }
}

function asNotCloneable(error: unknown): GuardhouseError {
  if (error instanceof GuardhouseError) return error
  const why = error instanceof Error ? error.message : String(error)
  return new GuardhouseError('not-cloneable', `an argument cannot cross to a worker thread: ${why}`, {
    hint: 'Pass plain data: no functions, sockets, streams or class instances with such inside.',
    cause: error,
  })
}
