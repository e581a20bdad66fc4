import { realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'
import manifest from '../../../package.json' with { type: 'json' }
import { assertDefined } from '../../shared/assert.ts'
import { contractVersion } from '../../shared/contract/index.ts'
import { GuardhouseError, toErrorData } from '../../shared/errors.ts'
import type { Topology } from '../../shared/model/core.ts'
import { busOptionsFrom } from '../engine/bus/bus-options.ts'
import { LaneThrottle } from '../engine/bus/lanes/lane-throttle.ts'
import { loadAffinity, readTopology, warmUpThreadPool } from '../engine/cpu/index.ts'
import { MergedTokens } from '../engine/journal/merged-tokens.ts'
import { ReceiptService } from '../engine/receipts/receipt-service.ts'
import { ContextServices } from '../engine/scheduler/context-services.ts'
import { Scheduler } from '../engine/scheduler/scheduler.ts'
import { makeFolder } from '../engine/system/make-folder.ts'
import { quotaOptionFrom } from '../engine/throttle/environment.ts'
import { WorkerQuota } from '../engine/throttle/worker-quota.ts'
import { MonotonicClock } from '../engine/workers/worker-clock.ts'
import { graphLead, snapshotLead } from '../engine/workflow-lead/lead-request.ts'
import { pruneCodeCaches, TrustStore, Workspace } from '../engine/workspace/index.ts'
import { entriesFromHrefs } from '../entries.ts'
import { openBus } from './bus-setup.ts'
import type { ControlInit, ControlThreadData, FromControl, ToControl } from './control-protocol.ts'
import { Host } from './host.ts'
import { earlierRun, openJournal, openReader } from './journal-setup.ts'
import { addKeptParts } from './kept-parts.ts'
import { MachineWatch } from './machine-watch.ts'
import { OptionStore } from './option-store.ts'
import { ownCpuTime } from './own-cost.ts'
import { ProcessCost } from './process-cost.ts'
import { ScheduleStore } from './schedules/schedule-store.ts'
import { Storage } from './storage.ts'
import type { FixedSystemInfo } from './system-api.ts'
import { laneQuotaPct, Throttling } from './throttling.ts'

/** Entry of the control thread: puts the engine together, serves the contract over the ports it is handed, and ends it all. */

/** Milliseconds between looks at the machine when nobody asks. */
const idleLookEvery = 1000

const shell = assertDefined(parentPort, 'this file is the entry of a thread that the shell thread starts')
await run(workerData as ControlThreadData)

async function run(data: ControlThreadData): Promise<void> {
  try {
    const { host, throttling } = await startHost(data)
    shell.on('message', (message: ToControl) => void obey(host, throttling, message))
    say({ type: 'ready' })
    const { workspace } = data.init
    if (workspace !== null) await host.workspace.openAtStart(workspace)
  } catch (error) {
    say({ type: 'failed', error: toErrorData(error) })
  }
}

async function obey(host: Host, throttling: Throttling, message: ToControl): Promise<void> {
  if (message.type === 'connect') return host.connect(message.port, message.peer)
  throttling[Symbol.dispose]()
  say({ type: 'stopped', report: await host.stop(message.options) })
}

function say(message: FromControl): void {
  shell.postMessage(message)
}

async function startHost({ init, entries: hrefs }: ControlThreadData): Promise<{ host: Host; throttling: Throttling }> {
  const entries = entriesFromHrefs(hrefs)
  const clock = new MonotonicClock()
  const topology = readTopology()
  const info = describeSystem(init, topology, clock)
  // Before the first worker is bound: threads inherit the mask of the one that creates them.
  await warmUpThreadPool()
  const services = new ContextServices()
  const codeCache = codeCacheFolder(init.stateDirectory)
  const trust = await openTrust(init.stateDirectory)
  const journal = await openJournal(init, entries, clock)
  const kept = journal === null ? null : await openReader(journal, entries, clock)
  const startsFolder = journal?.opened.startsFolder
  const storage = new Storage({
    receiptsEntry: entries.receipts,
    stateDirectory: init.host === 'demo' ? null : init.stateDirectory,
    options: () => scheduler.options,
    codeInUse: codeCache,
    epochWall: clock.epochWall,
    cpuQuotaPct: () => scheduler.options.cpuQuotaPct,
  })
  services.offer('receipts', new ReceiptService(storage.receipts))
  const environment = {
    topology,
    clock,
    workerEntry: entries.worker,
    processEntry: entries.process,
    sdkEntry: entries.sdk,
    codeCache,
    services,
    startsFolder,
    answers: storage.recorder,
    workerQuota: new WorkerQuota(),
  }
  void pruneCodeCaches(dirname(codeCache))
  const options = init.host === 'demo' ? null : await OptionStore.open(init.stateDirectory)
  const schedules = init.host === 'demo' ? null : await ScheduleStore.open(init.stateDirectory)
  const scheduler = Scheduler.create(
    { ...quotaOptionFrom(process.env), ...busOptionsFrom(process.env), ...options?.kept, ...init.options },
    environment,
  )
  scheduler.observer.listen(storage.recorder)
  const watch = new MachineWatch({ topology, clock, workerThreads: () => scheduler.reports.workerThreads() })
  const opened = await openBus(init, entries.tuples, scheduler, {
    admit: () => storage.quota.check(),
    laneThrottle: new LaneThrottle({
      quotaPct: () => laneQuotaPct(scheduler.options),
      workersCpuMs: () => milliseconds(watch.workersCpuTime),
    }),
  })
  services.offer('bus', opened.bus.service)
  addKeptParts(storage, { init, bus: opened.bus, journal })
  services.offer('kernel', opened.bus.kernelService)
  const cost = new ProcessCost({
    process: wholeCpuTime,
    control: ownCpuTime,
    workers: () => watch.workersCpuTime,
    keepers: [journal, kept, storage.receipts].flatMap((keeper) => (keeper === null ? [] : [() => keeper.cpuTime()])),
  })
  const host = new Host({
    scheduler,
    info,
    readOnly: init.readOnly,
    trust,
    options,
    schedules,
    journal,
    history: kept === null ? null : new MergedTokens(scheduler, kept, () => clock.now()),
    storage,
    workerQuota: environment.workerQuota,
    bus: opened.bus,
    samplePath: await withoutLinks(fileURLToPath(entries.sampleWorkspace)),
    hostOperations: [
      { operationType: graphLead, tags: { weight: 'light' }, moduleUrl: entries.lead.href },
      { operationType: snapshotLead, tags: { weight: 'medium' }, moduleUrl: entries.lead.href },
    ],
    workflowThread: entries.workflows,
    runsFolder: join(init.stateDirectory, 'workflow-runs'),
    loadWorkspace: (path) =>
      Workspace.open(path, {
        scanEntry: entries.scan,
        sdkEntry: entries.sdk,
        compile: { codeCache, compileEntry: entries.compile },
      }),
    clock,
    machine: () => watch.look(),
    shares: () => cost.shares,
    logLinesDropped: () => scheduler.reports.logLinesDropped,
  })
  const notices = [...(options?.notices ?? []), ...(schedules?.notice == null ? [] : [schedules.notice])]
  for (const notice of notices) host.warn(notice)
  opened.listen((notice) => host.warn(notice))
  if (journal !== null) {
    scheduler.takeOver(earlierRun(journal.opened))
    journal.attach(scheduler.observer)
    const { state } = scheduler.observer
    const { places } = journal
    state.table.onEvict = (slot) => kept?.evict(state, slot, places)
  }
  await scheduler.start()
  const throttling = new Throttling({
    options: () => scheduler.options,
    onChange: (listener) => scheduler.liveOptions.onChange(listener),
    threads: () => scheduler.reports.workerThreads(),
    workerQuota: environment.workerQuota,
    notice: (text) => host.warn(text),
  })
  // Also while nobody watches: a drift must not go unseen, and shares cover the last second rather than the time since somebody asked.
  setInterval(() => {
    watch.look()
    throttling.look()
    void cost.look()
  }, idleLookEvery).unref()
  return { host, throttling }
}

/** Another one for each version of what compiles. */
function codeCacheFolder(stateDirectory: string): string {
  const versions = [manifest.version, process.versions.node, manifest.dependencies.esbuild]
  return join(stateDirectory, 'code-cache', versions.join('-'))
}

function describeSystem(init: ControlInit, topology: Topology, clock: MonotonicClock): FixedSystemInfo {
  const affinity = loadAffinity()
  return {
    version: manifest.version,
    contract: contractVersion,
    host: init.host,
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    electron: process.versions.electron ?? null,
    pid: process.pid,
    epochWall: clock.epochWall,
    affinity: {
      supported: affinity.supported,
      name: affinity.name,
      // Where binding is not supported this binds nothing, and says why.
      note: affinity.supported ? null : affinity.bind(0).problem,
    },
    // The contract's types allow changing what the engine's do not; a copy may be changed.
    topology: structuredClone(topology) as FixedSystemInfo['topology'],
  }
}

async function openTrust(stateDirectory: string): Promise<TrustStore> {
  try {
    makeFolder(stateDirectory)
    return await TrustStore.open(stateDirectory)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new GuardhouseError('not-allowed', `the state directory ${stateDirectory} cannot be used: ${why}`, {
      hint: 'Make it writable, or set GUARDHOUSE_STATE_DIR to another folder.',
      cause,
    })
  }
}

/** CPU time of all threads of the process so far, microseconds. */
function wholeCpuTime(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

function milliseconds(microseconds: number | null): number | null {
  return microseconds === null ? null : microseconds / 1000
}

/** The path that a workspace has once it is open; of a folder that is not there, the path itself. */
async function withoutLinks(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch {
    return path
  }
}
