import type { workflowProcedures, workflowStreams } from '../../shared/contract/workflows.ts'
import { compareRuns } from '../engine/workflow-runs/compare-runs.ts'
import { runProgress } from '../engine/workflow-runs/run-progress.ts'
import { RunStore } from '../engine/workflow-runs/run-store.ts'
import { idleStretches, runTimeline } from '../engine/workflow-runs/run-timeline.ts'
import { WorkflowThread } from '../engine/workflow-thread/workflow-thread.ts'
import type { AuditLog } from './audit-log.ts'
import { audited } from './audited.ts'
import type { HostScheduler, TokenSource } from './engine-surface.ts'
import type { HostApi, HostStreams } from './host-api.ts'
import { detailOf, isLive, pageOfRuns, stepDetailOf, stepsOf } from './workflow-answers.ts'
import { WorkflowDeclarations } from './workflow-declarations.ts'
import { WorkflowImports } from './workflow-imports.ts'
import { replayKept } from './workflow-replay.ts'
import { WorkflowRuns } from './workflow-runs.ts'
import { type WorkflowJournal, WorkflowStarts } from './workflow-starts.ts'
import type { WorkspaceSession } from './workspace-session.ts'

export interface WorkflowApiParts {
  readonly scheduler: HostScheduler
  /** Also those of earlier hosts. */
  readonly tokens: TokenSource
  /** Of the threads that read workflows and runs. */
  readonly threadEntry: URL
  readonly audit: AuditLog
  /** A start is answered once it has the token; null: nothing is kept. */
  readonly journal: WorkflowJournal
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
export function createWorkflowService(parts: WorkflowApiParts): WorkflowService {
  const { scheduler, tokens, threadEntry, audit, journal, workspace, folder, now } = parts
  const thread = new WorkflowThread(threadEntry)
  // A long replay is not to keep the answers to other questions, and a large file that is checked not those about runs.
  const replays = new WorkflowThread(threadEntry)
  const shapes = new WorkflowThread(threadEntry)
  const declarations = new WorkflowDeclarations(workspace, thread)
  const runs = new WorkflowRuns({ store: new RunStore(folder), scheduler, tokens, thread: shapes, now })
  return {
    runs,
    api: createWorkflowApi({ declarations, runs, replays, now, scheduler, audit, journal }),
    streams: {
      workflows: {
        open: (_input, offer) => runs.watch(offer),
        dropped: () => ({ runs: null, version: runs.version }),
      },
    },
    [Symbol.dispose]() {
      runs[Symbol.dispose]()
      thread[Symbol.dispose]()
      replays[Symbol.dispose]()
      shapes[Symbol.dispose]()
    },
  }
}

interface WorkflowDesk extends Pick<WorkflowApiParts, 'scheduler' | 'audit' | 'journal' | 'now'> {
  readonly declarations: WorkflowDeclarations
  readonly runs: WorkflowRuns
  readonly replays: WorkflowThread
}

function createWorkflowApi(desk: WorkflowDesk): WorkflowService['api'] {
  const { declarations, runs, replays, now, scheduler, audit, journal } = desk
  const starts = new WorkflowStarts(declarations, runs, scheduler, journal)
  const imports = new WorkflowImports(runs, now)
  return {
    'workflows.list': async () => ({ workflows: [...(await declarations.list())] }),

    'workflows.start': async ({ workflow, payload, ...settings }, caller) => {
      const { result } = await audited(audit, {
        ...{ caller, action: 'start workflow', target: workflow },
        run: () => starts.start(workflow, payload, settings),
        summarise: ({ id }) => id,
      })
      return { run: result.id, token: result.token ?? '' }
    },

    'workflows.runs': async ({ filter, sort, offset, limit }) => {
      runs.expectOpening()
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

    'workflows.replay': async ({ run }) =>
      await replayKept(await runs.row(run), runs.store, replays, declarations.open),

    'workflows.compare': async ({ left, right }) => await compareRuns(await runs.view(left), await runs.view(right)),
  }
}
