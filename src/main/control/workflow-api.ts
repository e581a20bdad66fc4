import type { workflowProcedures, workflowStreams } from '../../shared/contract/workflows.ts'
import { compareRuns } from '../engine/workflow-runs/compare-runs.ts'
import { runProgress } from '../engine/workflow-runs/run-progress.ts'
import { RunStore } from '../engine/workflow-runs/run-store.ts'
import { idleStretches, runTimeline } from '../engine/workflow-runs/run-timeline.ts'
import type { AuditLog } from './audit-log.ts'
import { audited } from './audited.ts'
import type { HostScheduler } from './engine-surface.ts'
import type { HostApi, HostStreams } from './host-api.ts'
import { detailOf, isLive, pageOfRuns, stepDetailOf, stepsOf } from './workflow-answers.ts'
import { WorkflowDeclarations } from './workflow-declarations.ts'
import { WorkflowImports } from './workflow-imports.ts'
import { replayKept } from './workflow-replay.ts'
import { WorkflowRuns } from './workflow-runs.ts'
import type { WorkspaceSession } from './workspace-session.ts'

export interface WorkflowApiParts {
  readonly scheduler: HostScheduler
  readonly audit: AuditLog
  readonly workspace: WorkspaceSession
  /** Where runs are kept. */
  readonly folder: string
  /** Wall clock in milliseconds. */
  readonly now: () => number
}

export interface WorkflowService extends Disposable {
  readonly runs: WorkflowRuns
  readonly api: Pick<HostApi, keyof typeof workflowProcedures>
  readonly streams: Pick<HostStreams, keyof typeof workflowStreams>
}

/** Workflows of the open workspace and their runs, for the contract. */
export function createWorkflowService({ scheduler, audit, workspace, folder, now }: WorkflowApiParts): WorkflowService {
  const declarations = new WorkflowDeclarations(workspace)
  const runs = new WorkflowRuns(new RunStore(folder), scheduler, now)
  const imports = new WorkflowImports(runs, now)
  return {
    runs,
    api: createWorkflowApi(declarations, runs, imports, scheduler, audit),
    streams: {
      workflows: {
        open: (_input, offer) => runs.watch(offer),
        dropped: () => ({ runs: null, version: runs.version }),
      },
    },
    [Symbol.dispose]: () => runs[Symbol.dispose](),
  }
}

function createWorkflowApi(
  declarations: WorkflowDeclarations,
  runs: WorkflowRuns,
  imports: WorkflowImports,
  scheduler: HostScheduler,
  audit: AuditLog,
): WorkflowService['api'] {
  return {
    'workflows.list': async () => ({ workflows: await declarations.list() }),

    'workflows.start': async ({ workflow, payload, ...limits }, caller) => {
      const { result } = await audited(audit, {
        ...{ caller, action: 'start workflow', target: workflow },
        run: async () => runs.start(await declarations.find(workflow), payload, limits),
        summarise: ({ id }) => id,
      })
      return { run: result.id, token: result.token ?? '' }
    },

    'workflows.runs': async ({ filter, sort, offset, limit }) => {
      const rows = await runs.rows()
      const matched = pageOfRuns(rows, filter, sort)
      const page = matched.slice(offset, offset + limit)
      return { rows: page, matched: matched.length, kept: rows.length, version: runs.version }
    },

    'workflows.run': async ({ run }) => {
      const row = await runs.row(run)
      return detailOf(row, await runs.view(run), runs.version, runs.store.folderOf(run))
    },

    'workflows.progress': async ({ run, at }) => {
      const view = await runs.view(run)
      return runProgress(view.columns, runs.version, view.events, !isLive(await runs.row(run)), at)
    },

    'workflows.steps': async ({ run, ...query }) => stepsOf(await runs.view(run), query),

    'workflows.step': async ({ run, step }) => stepDetailOf(await runs.view(run), step),

    'workflows.timeline': async ({ run, from, to, parts }) => {
      const { columns } = await runs.view(run)
      const lanes = runTimeline(columns, from, to, parts)
      return { lanes, idle: idleStretches(lanes, columns.span) }
    },

    'workflows.events': async ({ run, offset, limit }) => {
      const view = await runs.view(run)
      return { events: view.texts(offset, limit), total: view.events }
    },

    'workflows.stop': async ({ run, reason }, caller) => {
      const { result } = await audited(audit, {
        ...{ caller, action: 'stop workflow run', target: run, reason },
        run: () => runs.stop(run, caller.peer.name, reason),
        summarise: (stopped) => (stopped ? 'stopped' : 'had ended'),
      })
      return { stopped: result }
    },

    'workflows.import': (piece, caller) => imports.take(piece, caller),

    'workflows.abandonImport': async ({ upload }) => ({ abandoned: await imports.abandon(upload) }),

    'workflows.replay': async ({ run }) => await replayKept(await runs.row(run), runs.store, scheduler, declarations),

    'workflows.compare': async ({ left, right }) => await compareRuns(await runs.view(left), await runs.view(right)),
  }
}
