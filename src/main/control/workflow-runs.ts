import { randomBytes } from 'node:crypto'
import type { WorkflowRunRow } from '../../shared/contract/workflows.ts'
import { GuardhouseError, toErrorData } from '../../shared/errors.ts'
import { isTerminal } from '../../shared/model/token.ts'
import type { Settlement } from '../engine/scheduler/scheduler-types.ts'
import type { LeadResult } from '../engine/workflow-lead/lead-request.ts'
import type { RunShape } from '../engine/workflow-runs/run-columns.ts'
import { keptRuns, type RunStore } from '../engine/workflow-runs/run-store.ts'
import { RunView } from '../engine/workflow-runs/run-view.ts'
import type { WorkflowThread } from '../engine/workflow-thread/workflow-thread.ts'
import type { HostScheduler, TokenSource } from './engine-surface.ts'
import { isLive } from './workflow-answers.ts'

/** Runs whose events are held ready; each holds a file open. */
const openViews = 6
/** Watchers hear of running runs this often, milliseconds. */
const tellEvery = 100

export interface RunChange {
  /** Null: ask for all again. */
  readonly runs: string[] | null
  readonly version: number
}

export interface WorkflowRunsParts {
  readonly store: RunStore
  readonly scheduler: HostScheduler
  /** Also those of earlier hosts. */
  readonly tokens: TokenSource
  readonly thread: WorkflowThread
  /** Wall clock in milliseconds. */
  readonly now: () => number
}

/** Every run that is kept, and those that go on. A run is a token; what it did is in the files that its lead writes. */
export class WorkflowRuns {
  readonly store: RunStore
  readonly #scheduler: HostScheduler
  readonly #tokens: TokenSource
  readonly #thread: WorkflowThread
  readonly #now: () => number
  readonly #rows = new Map<string, WorkflowRunRow>()
  readonly #views = new Map<string, Promise<RunView>>()
  readonly #listeners = new Set<(change: RunChange) => void>()
  readonly #ready: Promise<void>
  #version = 0
  #timer: NodeJS.Timeout | null = null

  constructor({ store, scheduler, tokens, thread, now }: WorkflowRunsParts) {
    this.store = store
    this.#scheduler = scheduler
    this.#tokens = tokens
    this.#thread = thread
    this.#now = now
    this.#ready = this.#readKept()
  }

  get version(): number {
    return this.#version
  }

  /** Newest first, each as it is now. */
  async rows(): Promise<WorkflowRunRow[]> {
    await this.#ready
    return [...this.#rows.values()].map((row) => this.#asOfNow(row))
  }

  /** Throws `not-found`. */
  async row(run: string): Promise<WorkflowRunRow> {
    await this.#ready
    const row = this.#rows.get(run)
    if (row !== undefined) return this.#asOfNow(row)
    throw new GuardhouseError('not-found', `there is no run ${JSON.stringify(run)}`, {
      hint: `The newest ${keptRuns} runs are kept; older ones are gone.`,
    })
  }

  /** Takes in a run whose lead was just accepted. It is written down when this resolves: a host that dies then still shows it. */
  async begin(
    run: Pick<WorkflowRunRow, 'id' | 'workflow' | 'kind' | 'nodes' | 'hash'> & { readonly token: string },
  ): Promise<WorkflowRunRow> {
    const row: WorkflowRunRow = {
      ...{ ...run, state: 'waiting', status: null, startedAt: this.#now(), duration: null, left: 0, error: null },
    }
    const written = this.add(row)
    void this.#follow(row, run.token)
    await written
    return row
  }

  newId(workflow: string): string {
    const time = new Date(this.#now()).toISOString().replaceAll(/[-:.]/g, '')
    const name = workflow.replaceAll(/[^A-Za-z0-9._-]+/g, '-').slice(0, 80)
    return `${time}__${name}__${randomBytes(3).toString('hex')}`
  }

  /** Takes in a run, or what has become of one. Resolves once it is written down, or cannot be. */
  add(row: WorkflowRunRow): Promise<void> {
    const isNew = !this.#rows.has(row.id)
    if (isNew) {
      const older = [...this.#rows]
      this.#rows.clear()
      this.#rows.set(row.id, row)
      for (const [id, each] of older) this.#rows.set(id, each)
      this.#forgetOldest()
    } else this.#rows.set(row.id, row)
    this.#tell([row.id])
    // A run that cannot be written down is still shown while this host lives.
    return this.store.write(row).catch(() => undefined)
  }

  folderOf(run: string): string {
    return this.store.folderOf(run)
  }

  /** Forgets a run and what was written of it. False for one that goes on, or that is not known. */
  async remove(run: string): Promise<boolean> {
    await this.#ready
    const row = this.#rows.get(run)
    if (row === undefined || isLive(row)) return false
    this.#closeView(run)
    await this.store.remove(run)
    this.#rows.delete(run)
    this.#tell(null)
    return true
  }

  /** Kills the lead and whatever of it has not ended. False when it had ended. */
  async stop(run: string, actor: string, why: string): Promise<boolean> {
    const row = await this.row(run)
    const { token } = row
    if (token === null || !isLive(row)) return false
    await this.#killChildren(token, actor, why)
    const killed = this.#scheduler.runCommand('kill', { kind: 'tokens', ids: [token] }, { actor, reason: why })
    return killed.affected > 0
  }

  /** Somebody looks at the list of runs and will open one: the thread that reads its graph starts meanwhile. */
  expectOpening(): void {
    this.#thread.wake()
  }

  /** The events of a run, with what was written until now. */
  async view(run: string): Promise<RunView> {
    const { id } = await this.row(run)
    // Its file may come at any moment: it is looked for again the next time.
    if (this.store.eventsPath(id) === null) return await this.#readView(id, null)
    const view = await this.#openView(id)
    await view.refresh()
    return view
  }

  /** Takes over a view that somebody else has read; it is closed with the others. */
  adopt(run: string, view: RunView): void {
    this.#makeRoom()
    this.#views.set(run, Promise.resolve(view))
  }

  /** Tells of changes until the function it returns is called. */
  watch(listener: (change: RunChange) => void): () => void {
    this.#listeners.add(listener)
    this.#tick()
    return () => this.#listeners.delete(listener)
  }

  [Symbol.dispose](): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    for (const run of [...this.#views.keys()]) this.#closeView(run)
  }

  /**
   * Runs of earlier hosts. Whatever became of their leads is asked: one that had not begun waits again, also when the host
   * was ended in order, and one that had is interrupted, with what it left.
   */
  async #readKept(): Promise<void> {
    for (const row of await this.store.read()) {
      const { id, token } = row
      const waits = token !== null && this.#goesOn(token)
      this.#rows.set(id, waits ? { ...row, state: 'waiting', status: null, duration: null, error: null } : row)
      if (token !== null && (waits || isLive(row))) void this.#follow(row, token)
    }
  }

  /** Whether a token is there that has not ended. */
  #goesOn(token: string): boolean {
    try {
      return !isTerminal(this.#scheduler.detail(token).state)
    } catch {
      // It is not there any more.
      return false
    }
  }

  async #follow(row: WorkflowRunRow, token: string): Promise<void> {
    const settlement = await this.#settlement(token)
    try {
      // Whatever ended the lead: nothing of its run goes on without it.
      await this.#killChildren(token, 'workflow run', 'its run has ended')
      this.#closeView(row.id)
      await this.store.forgetPayload(row.id)
      void this.add({ ...row, ...(await this.#endOf(row, settlement)) })
    } catch (error) {
      void this.add({ ...row, state: 'failed', duration: 0, error: toErrorData(error) })
    }
  }

  /** Of a token that nobody kept: it ended with its host. */
  async #settlement(token: string): Promise<Settlement> {
    try {
      return await this.#tokens.settlement(token)
    } catch {
      const error = toErrorData(new GuardhouseError('interrupted', 'Guardhouse ended before this run did'))
      return { sequence: 0, state: 'FAILED', value: null, error }
    }
  }

  async #endOf(row: WorkflowRunRow, { state, value, error }: Settlement): Promise<Partial<WorkflowRunRow>> {
    const states = { COMPLETED: 'completed', KILLED: 'killed', TIMEOUT: 'timeout' } as const
    const ended = state in states ? states[state as keyof typeof states] : 'failed'
    const status = ended === 'completed' ? ((value as LeadResult | null)?.status ?? null) : null
    const { left, span } = await this.#reached(row.id)
    return { state: ended, status, error, left, duration: span ?? Math.max(0, this.#now() - row.startedAt) * 1000 }
  }

  /** How far the events of a run go; a lead that never began wrote none. */
  async #reached(run: string): Promise<{ left: number; span: number | null }> {
    try {
      const { columns } = await this.view(run)
      const left = new Set<number>()
      for (let visit = 0; visit < columns.visitNode.length; visit++) {
        if (columns.leftAt.at(visit) >= 0) left.add(columns.visitNode.at(visit))
      }
      return { left: left.size, span: columns.span }
    } catch {
      // No file: it was ended before it began.
      return { left: 0, span: null }
    }
  }

  async #killChildren(token: string, actor: string, why: string): Promise<void> {
    const sort = { by: 'sequence', direction: 'ascending' } as const
    const states = ['CREATED', 'WAITING', 'ADMITTED', 'EXECUTING'] as const
    const page = await this.#scheduler.query({ parent: token, states: [...states] }, sort, 0, 100_000)
    const ids = page.rows.map((child) => child.id)
    if (ids.length > 0) this.#scheduler.runCommand('kill', { kind: 'tokens', ids }, { actor, reason: why })
  }

  #asOfNow(row: WorkflowRunRow): WorkflowRunRow {
    if (row.token === null || !isLive(row)) return row
    try {
      const { state, progress } = this.#scheduler.detail(row.token)
      const left = Math.round((progress?.fraction ?? 0) * row.nodes)
      return { ...row, state: state === 'EXECUTING' ? 'running' : row.state, left }
    } catch {
      // It has ended, and what became of it is being read.
      return row
    }
  }

  #openView(run: string): Promise<RunView> {
    const known = this.#views.get(run)
    if (known !== undefined) {
      this.#views.delete(run)
      this.#views.set(run, known)
      return known
    }
    this.#makeRoom()
    const view = this.#readView(run, this.store.eventsPath(run))
    this.#views.set(run, view)
    // The file may come later.
    view.catch(() => this.#views.delete(run))
    return view
  }

  /** Reads the events of a run while the other thread reads its graph. */
  async #readView(run: string, events: string | null): Promise<RunView> {
    const shape = this.#shapeOf(run)
    const view = new RunView(events)
    try {
      await Promise.all([shape, view.refresh()])
      const declared = await shape
      if (declared !== null) view.columns.declare(declared)
      return view
    } catch (error) {
      view[Symbol.dispose]()
      throw error
    }
  }

  #makeRoom(): void {
    const [oldest] = this.#views.keys()
    if (this.#views.size >= openViews && oldest !== undefined) this.#closeView(oldest)
  }

  async #shapeOf(run: string): Promise<RunShape | null> {
    const path = this.store.graphPath(run)
    return path === null ? null : await this.#thread.ask('shape', path)
  }

  #closeView(run: string): void {
    const view = this.#views.get(run)
    this.#views.delete(run)
    view?.then((open) => open.refresh().then(() => open[Symbol.dispose]())).catch(() => undefined)
  }

  #forgetOldest(): void {
    for (const [id, row] of [...this.#rows].reverse()) {
      if (this.#rows.size <= keptRuns) return
      if (isLive(row)) continue
      this.#rows.delete(id)
      this.#closeView(id)
      // What cannot be removed now is tried again at the next start.
      this.store.remove(id).catch(() => undefined)
    }
  }

  #tell(runs: string[] | null): void {
    this.#version += 1
    for (const listener of this.#listeners) listener({ runs, version: this.#version })
    this.#tick()
  }

  /** While something goes on and somebody watches. */
  #tick(): void {
    if (this.#timer !== null || this.#listeners.size === 0) return
    const live = [...this.#rows.values()].filter(isLive)
    if (live.length === 0) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#tell(live.map(({ id }) => id))
    }, tellEvery)
    this.#timer.unref()
  }
}
