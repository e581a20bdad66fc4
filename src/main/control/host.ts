import type { MessagePort } from 'node:worker_threads'
import type { Clock } from '../../shared/time.ts'
import type { Bus } from '../engine/bus/bus.ts'
import { DatedCollectable } from '../engine/collection/dated-collectable.ts'
import type { MachineReadings, SchedulerFrame } from '../engine/scheduler/reports.ts'
import type { RunnableOperation, StopOptions, StopReport } from '../engine/scheduler/scheduler-types.ts'
import type { WorkerQuota } from '../engine/throttle/worker-quota.ts'
import { runFolders } from '../engine/workflow-runs/run-folders.ts'
import { createAllocationApi } from './allocation-api.ts'
import { AuditEvents } from './audit-events.ts'
import { AuditLog } from './audit-log.ts'
import { createBusApi } from './bus-api.ts'
import { createCommandApi } from './command-api.ts'
import type { Peer } from './control-protocol.ts'
import { createConvergenceApi } from './convergence-api.ts'
import { readDeclaredLanes } from './declared-lanes.ts'
import type { FolderTrust, HostJournal, HostScheduler, LoadedWorkspace, TokenHistory } from './engine-surface.ts'
import { createGuardApi } from './guard-api.ts'
import type { HostApi, HostStreams } from './host-api.ts'
import { HostEvents } from './host-events.ts'
import { pausedSetting, restoreSentence } from './journal-setup.ts'
import { createKernelApi } from './kernel-api.ts'
import { createConsoleStream, createLogApi } from './log-api.ts'
import { OperationList } from './operation-list.ts'
import { createOptionApi } from './option-api.ts'
import type { OptionStore } from './option-store.ts'
import { OwnCost } from './own-cost.ts'
import type { ProcessShares } from './process-cost.ts'
import { createReceiptApi } from './receipt-api.ts'
import { keptEveryMs, RecentFrames } from './recent-telemetry.ts'
import { RpcConnection } from './rpc-connection.ts'
import { createScheduleApi } from './schedule-api.ts'
import { ScheduleBook } from './schedules/schedule-book.ts'
import type { ScheduleStore } from './schedules/schedule-store.ts'
import type { Storage } from './storage.ts'
import { createStorageApi, withoutStorage } from './storage-api.ts'
import type { LossLedger } from './stream-senders.ts'
import { createSystemApi, type FixedSystemInfo } from './system-api.ts'
import { stampFramesMerged, TelemetryHub } from './telemetry-hub.ts'
import { createThrottleApi } from './throttle-api.ts'
import { createTimelineApi } from './timeline-api.ts'
import { createTokenApi } from './token-api.ts'
import { createTrailApi } from './trail-api.ts'
import { createWatchApi } from './watch-api.ts'
import { WatchList } from './watch-list.ts'
import { createWorkflowService, type WorkflowService } from './workflow-api.ts'
import { createWorkspaceApi } from './workspace-api.ts'
import { WorkspaceSession } from './workspace-session.ts'

/** What a host is made of. */
export interface HostParts {
  readonly scheduler: HostScheduler
  readonly info: FixedSystemInfo
  readonly readOnly: boolean
  readonly trust: FolderTrust
  /** Where chosen options are kept; null when they end with the host. */
  readonly options: OptionStore | null
  /** Where schedules are kept; null when they end with the host. */
  readonly schedules: ScheduleStore | null
  /** Where tokens, the audit log and pauses are written down; null for nowhere. */
  readonly journal: HostJournal | null
  /** What holds workers to a share of the time; null where they know none. */
  readonly workerQuota: WorkerQuota | null
  /** The live tokens and what only the journal keeps; null without one. */
  readonly history: TokenHistory | null
  /** Receipts and their collection; null where nothing is kept. */
  readonly storage: Storage | null
  readonly bus: Bus
  readonly samplePath: string
  /** Operations of the host itself, beside those of the workspace. */
  readonly hostOperations: readonly RunnableOperation[]
  /** The thread that reads workflows and replays their runs. */
  readonly workflowThread: URL
  /** Where runs of workflows are kept. */
  readonly runsFolder: string
  readonly loadWorkspace: (path: string) => Promise<LoadedWorkspace>
  readonly clock: Clock
  /** What the machine does now. */
  readonly machine: () => MachineReadings
  /** What the process costs outside of workers and control thread. */
  readonly shares: () => ProcessShares
  /** Log lines of operations that were not kept, since the start. */
  readonly logLinesDropped: () => number
  /** Checks every answer against the contract; for tests. */
  readonly checkAnswers?: boolean
}

/** The newest entries; at a person's pace these are months. */
const auditCapacity = 10_000

/** The contract, implemented over one scheduler and one workspace at a time, for any number of connections. */
export class Host {
  readonly workspace: WorkspaceSession
  readonly #parts: HostParts
  readonly #audit = new AuditLog(auditCapacity)
  readonly #events = new HostEvents()
  readonly #operations = new OperationList()
  #stopped: Promise<StopReport> | null = null
  readonly #ledger: LossLedger = { framesMerged: 0, eventsDropped: 0 }
  readonly #cost = new OwnCost()
  readonly #telemetry: TelemetryHub
  readonly #recent = new RecentFrames()
  readonly #connections = new Set<RpcConnection>()
  readonly #watches: WatchList
  readonly #schedules: ScheduleBook
  #runnable: ReadonlySet<string> = new Set()
  readonly #workflows: WorkflowService
  readonly #api: HostApi
  readonly #streams: HostStreams

  constructor(parts: HostParts) {
    this.#parts = parts
    this.#telemetry = new TelemetryHub(() => ({
      ...this.#frame(),
      keepingShare: parts.shares().keeping ?? Number.NaN,
      restShare: parts.shares().rest ?? Number.NaN,
      logLinesDropped: parts.logLinesDropped(),
    }))
    this.#telemetry.subscribe(keptEveryMs, (frame) => this.#recent.add(frame))
    this.workspace = new WorkspaceSession({
      trust: parts.trust,
      samplePath: parts.samplePath,
      load: parts.loadWorkspace,
      onOperations: (operations) => {
        parts.storage?.code.update(operations, this.workspace.reports())
        parts.scheduler.setOperations([...parts.hostOperations, ...operations])
        // The code may be another now: what it answered before serves no more.
        parts.bus.guards.answers.clear()
        this.#runnable = new Set(operations.map((operation) => operation.operationType))
        this.#schedules.operationsChanged()
      },
      onChange: (generation) => {
        this.#operations.update(this.workspace.reports())
        this.#events.emit({ kind: 'workspace-changed', generation })
        void this.#declareLanes(generation)
      },
      onNotice: (sentence) => this.#notify('warn', sentence),
    })
    this.#watches = new WatchList({
      scheduler: parts.scheduler,
      now: () => parts.clock.now(),
      emit: (event) => this.#events.emit(event),
    })
    this.#schedules = this.#createSchedules()
    this.#workflows = createWorkflowService({
      scheduler: parts.scheduler,
      tokens: parts.history ?? parts.scheduler,
      threadEntry: parts.workflowThread,
      audit: this.#audit,
      journal: parts.journal,
      workspace: this.workspace,
      folder: parts.runsFolder,
      now: () => Date.now(),
    })
    parts.storage?.add(new DatedCollectable(runFolders(this.#workflows.runs, parts.storage.pinnedTokens)))
    this.#api = this.#createApi()
    this.#streams = this.#createStreams()
    const auditEvents = new AuditEvents((event) => this.#events.emit(event))
    this.#audit.onEntry((entry) => {
      auditEvents.tell(entry.id)
      parts.journal?.recordAudit(entry)
    })
    if (parts.journal !== null) this.#joinJournal(parts.journal)
    parts.storage?.start((text) => this.#notify('warn', text))
    parts.scheduler.onNotice((notice) => this.#events.emit({ kind: 'notice', ...notice }))
    // Whoever changes them: a person, or the allocation optimizer by itself.
    parts.scheduler.liveOptions.onChange(() => this.#events.emit({ kind: 'options-changed' }))
  }

  #joinJournal(journal: HostJournal): void {
    const { opened } = journal
    this.#audit.restore(opened.audit, opened.auditTotal)
    journal.onNotice(({ level, text }) => {
      if (level === 'slow') this.#parts.scheduler.log.write('storage', 'warn', () => text)
      else this.#notify(level, text)
    })
    for (const notice of opened.notices) this.warn(notice)
    const sentence = restoreSentence(opened)
    if (sentence !== null) this.#tellFromStart('info', sentence)
  }

  /** Serves one more peer until the port closes or the host stops. */
  connect(port: MessagePort, peer: Peer): void {
    const connection = new RpcConnection(port, peer, {
      api: this.#api,
      streams: this.#streams,
      ledger: this.#ledger,
      readOnly: this.#parts.readOnly,
      onFault: (method, error) => this.#reportFault(method, error),
      checkAnswers: this.#parts.checkAnswers ?? false,
    })
    this.#connections.add(connection)
    connection.onClose(() => this.#connections.delete(connection))
  }

  /** Tells every peer of something that a person should look at. */
  warn(text: string): void {
    this.#tellFromStart('warn', text)
  }

  /** Also those who come a little later: nobody is connected yet while a host starts. */
  #tellFromStart(level: 'info' | 'warn', text: string): void {
    this.#events.emitLasting({ kind: 'notice', level, text, at: this.#parts.clock.now() })
  }

  /** Settles every token, then ends every connection, so that whoever waits for a token still hears of its end. */
  /** A second call with mode abort cuts a drain short; both get the same report. */
  stop(options: StopOptions): Promise<StopReport> {
    // What a drain has no time for runs at the next start; what is ended on purpose does not.
    this.#parts.journal?.leaveWaiting(options.mode === 'drain')
    this.#schedules[Symbol.dispose]()
    const stopping = this.#parts.scheduler.stop(options)
    this.#stopped ??= this.#end(stopping)
    return this.#stopped
  }

  async #end(stopping: Promise<StopReport>): Promise<StopReport> {
    const report = await stopping
    await this.#parts.bus.close()
    await this.#parts.journal?.close()
    await this.#parts.history?.close()
    await this.workspace.dispose()
    await this.#parts.storage?.close()
    this.#telemetry[Symbol.dispose]()
    this.#watches[Symbol.dispose]()
    this.#workflows[Symbol.dispose]()
    for (const connection of [...this.#connections]) connection[Symbol.dispose]()
    return report
  }

  #createSchedules(): ScheduleBook {
    const { scheduler, schedules } = this.#parts
    return new ScheduleBook({
      store: schedules,
      submit: (operation, values) => scheduler.idOf(scheduler.submit(operation, values).sequence),
      canRun: (operation) => this.#runnable.has(operation),
      wallNow: Date.now,
      onProblem: (text) => this.#notify('warn', text),
    })
  }

  #createApi(): HostApi {
    const { scheduler, info, machine, clock, shares, logLinesDropped } = this.#parts
    const shared = { scheduler, audit: this.#audit }
    const options = createOptionApi({
      ...shared,
      options: this.#parts.options,
      notify: (level, text) => this.#notify(level, text),
    })
    return {
      ...createSystemApi({
        ...shared,
        info,
        machine,
        clock,
        shares,
        logLinesDropped,
        recentTelemetry: () => this.#recent.moments(),
        ledger: this.#ledger,
        cost: this.#cost,
      }),
      ...createTokenApi({
        ...shared,
        journal: this.#parts.journal,
        tokens: this.#parts.history ?? scheduler,
        admit: () => this.#parts.storage?.quota.check(),
      }),
      ...createTimelineApi(shared),
      ...createWatchApi({ watches: this.#watches, events: this.#events }),
      ...createConvergenceApi({ ...shared, clock }),
      ...createCommandApi({ ...shared, onPaused: () => this.#keepPaused() }),
      ...createGuardApi({ ...shared, clock }),
      ...createLogApi(shared),
      ...createScheduleApi({ schedules: this.#schedules, audit: this.#audit }),
      ...options,
      ...createAllocationApi(scheduler, options['options.set']),
      ...this.#createStorageApi(),
      ...createThrottleApi({
        options: () => scheduler.liveOptions.current,
        cores: info.topology.cores,
        workerQuota: this.#parts.workerQuota,
        diskQuota: this.#parts.storage?.quota ?? null,
      }),
      ...createBusApi({ ...shared, bus: this.#parts.bus }),
      ...createKernelApi({ audit: this.#audit, bus: this.#parts.bus }),
      ...createWorkspaceApi({ ...shared, workspace: this.workspace, operations: this.#operations }),
      ...this.#workflows.api,
      ...createTrailApi({
        bus: this.#parts.bus,
        tokens: this.#parts.history ?? scheduler,
        receipts: this.#parts.storage?.receipts ?? null,
        runs: this.#workflows.runs,
      }),
    }
  }

  /** With a journal a token that left the scheduler's own history is not gone. */
  #frame(): SchedulerFrame {
    const { scheduler, machine, history } = this.#parts
    const frame = scheduler.reports.frame(machine())
    if (history === null) return frame
    return { ...frame, tokensKept: frame.tokensKept + history.keptBeside, tokensEvicted: history.removed }
  }

  #keepPaused(): void {
    this.#events.emit({ kind: 'paused-changed' })
    this.#parts.journal?.keepSetting(pausedSetting, this.#parts.scheduler.pausedState())
  }

  #createStorageApi(): typeof withoutStorage {
    const { storage, scheduler } = this.#parts
    if (storage === null) return withoutStorage
    const options = () => scheduler.liveOptions.current
    return {
      ...createReceiptApi({ storage, audit: this.#audit }),
      ...createStorageApi({ storage, audit: this.#audit, options }),
    }
  }

  #createStreams(): HostStreams {
    return {
      ...this.#workflows.streams,
      telemetry: {
        open: ({ intervalMs }, offer) => this.#telemetry.subscribe(intervalMs, offer),
        stamp: stampFramesMerged,
      },
      console: createConsoleStream(this.#parts.scheduler),
      events: {
        open: (_input, offer) => this.#events.subscribe(offer),
        dropped: (count) => ({ kind: 'dropped', count }),
      },
      'bus.events': {
        open: (_input, offer) => this.#parts.bus.activity.subscribe(offer),
        dropped: (count) => ({ kind: 'dropped', count }),
      },
    }
  }

  async #declareLanes(generation: number): Promise<void> {
    try {
      const declared = await readDeclaredLanes(this.workspace.info())
      // What was read for an earlier state of the workspace may come later than what was read for this one.
      if (generation === this.workspace.info().generation) this.#parts.bus.lanes.declare(declared)
    } catch (error) {
      this.#notify('warn', error instanceof Error ? error.message : String(error))
    }
  }

  /** A fault of ours must not be seen only by the one whose call met it. */
  #reportFault(method: string, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    this.#notify('error', `${method} failed inside Guardhouse: ${message}`)
  }

  #notify(level: 'info' | 'warn' | 'error', text: string): void {
    this.#events.emit({ kind: 'notice', level, text, at: this.#parts.clock.now() })
  }
}
