import type { ModuleInfo, OperationInfo, WorkspaceInfo } from '../../../shared/contract/operations.ts'
import type { TelemetryFrame } from '../../../shared/frames/telemetry.ts'
import { formatPlural, formatShare } from '../../ui/format.ts'
import { pinningVerdict } from './pinning.ts'
import { allWorkers, type WorkerView } from './worker-view.ts'

/** Something that is not as it should be, worst first in a list. */
export interface Problem {
  readonly id: 'gate' | 'modules' | 'unbound' | 'drift' | 'workers' | 'control' | 'paused-operations'
  readonly tone: 'bad' | 'warn'
  readonly title: string
  readonly details: readonly string[]
}

export interface ProblemSources {
  readonly frame: TelemetryFrame | null
  readonly workspace: WorkspaceInfo | null
  readonly operations: readonly OperationInfo[] | null
}

/** Above this share of one core the control thread itself is what holds tokens up. */
const busyControlShare = 0.9
/** A worker that is stopped or replaced is back in a fraction of a second; only one that is not is a problem. */
const longestReplacement = 2_000_000
const listedAtMost = 6

export function findProblems({ frame, workspace, operations }: ProblemSources): readonly Problem[] {
  const workers = frame === null ? [] : allWorkers(frame)
  return [
    shutGate(frame),
    failedModules(workspace),
    unboundWorkers(workers),
    driftingWorkers(workers),
    lostWorkers(workers),
    busyControl(frame),
    pausedOperations(operations),
  ].filter((problem) => problem !== null)
}

function shutGate(frame: TelemetryFrame | null): Problem | null {
  if (frame?.gatePaused !== 1) return null
  return { id: 'gate', tone: 'warn', title: 'Admission is paused', details: [] }
}

function failedModules(workspace: WorkspaceInfo | null): Problem | null {
  const failed = (workspace?.modules ?? []).filter((module) => module.state === 'failed')
  if (failed.length === 0) return null
  return {
    id: 'modules',
    tone: 'bad',
    title: `${formatPlural(failed.length, 'module')} of the workspace ${failed.length === 1 ? 'does' : 'do'} not load`,
    details: failed.map(whyItFailed),
  }
}

function whyItFailed({ module, error }: ModuleInfo): string {
  const reason = firstLine(error?.message ?? 'no reason is known')
  // Most reasons begin with the place, and thus with the module.
  return reason.startsWith(`${module}:`) ? reason : `${module}: ${reason}`
}

function unboundWorkers(workers: readonly WorkerView[]): Problem | null {
  const unbound = workers.filter((worker) => pinningVerdict(worker) === 'unbound')
  if (unbound.length === 0) return null
  return {
    id: 'unbound',
    tone: 'bad',
    title: `${formatPlural(unbound.length, 'worker')} ${unbound.length === 1 ? 'is' : 'are'} not bound to the CPU asked for`,
    details: cut(unbound.map((worker) => `${nameOf(worker)}: asked for CPU ${worker.asked}`)),
  }
}

function driftingWorkers(workers: readonly WorkerView[]): Problem | null {
  // A worker that is not bound drifts by right; it is listed as that.
  const drifting = workers.filter((worker) => worker.drifts > 0 && pinningVerdict(worker) !== 'unbound')
  if (drifting.length === 0) return null
  return {
    id: 'drift',
    tone: 'warn',
    title: `${formatPlural(drifting.length, 'worker')} ${drifting.length === 1 ? 'was' : 'were'} seen on a CPU not asked for`,
    details: cut(
      drifting.map(
        (worker) => `${nameOf(worker)}: ${formatPlural(worker.drifts, 'time')}, asked for CPU ${worker.asked}`,
      ),
    ),
  }
}

function lostWorkers(workers: readonly WorkerView[]): Problem | null {
  const lost = workers.filter(
    ({ state, age }) => (state === 'replacing' || state === 'stopping') && age > longestReplacement,
  )
  if (lost.length === 0) return null
  return {
    id: 'workers',
    tone: 'warn',
    title: `${formatPlural(lost.length, 'worker')} ${lost.length === 1 ? 'is' : 'are'} still not replaced`,
    details: cut(lost.map((worker) => `${nameOf(worker)}: ${worker.state}`)),
  }
}

function busyControl(frame: TelemetryFrame | null): Problem | null {
  if (frame === null || frame.controlShare < busyControlShare) return null
  return {
    id: 'control',
    tone: 'warn',
    title: `The control thread uses ${formatShare(frame.controlShare)} of a core: it may be what tokens wait for`,
    details: [],
  }
}

function pausedOperations(operations: readonly OperationInfo[] | null): Problem | null {
  const paused = (operations ?? []).filter((operation) => operation.paused)
  if (paused.length === 0) return null
  return {
    id: 'paused-operations',
    tone: 'warn',
    title: `${formatPlural(paused.length, 'operation')} ${paused.length === 1 ? 'is' : 'are'} paused`,
    details: cut(paused.map((operation) => operation.operation)),
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text
}

/** A worker by its core and slot. */
export function nameOf(worker: Pick<WorkerView, 'core' | 'slot'>): string {
  return `core ${worker.core} slot ${worker.slot}`
}

function cut(texts: readonly string[]): readonly string[] {
  if (texts.length <= listedAtMost) return texts
  return [...texts.slice(0, listedAtMost), `and ${formatPlural(texts.length - listedAtMost, 'other')}`]
}

export function sameProblems(a: readonly Problem[], b: readonly Problem[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
