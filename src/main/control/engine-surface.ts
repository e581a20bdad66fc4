import type { TokenDetail } from '../../shared/contract/tokens.ts'
import type { Journal } from '../engine/journal/journal.ts'
import type { MergedTokens } from '../engine/journal/merged-tokens.ts'
import type { Reports } from '../engine/scheduler/reports.ts'
import type { Scheduler } from '../engine/scheduler/scheduler.ts'
import type { SubmitSettings } from '../engine/scheduler/scheduler-types.ts'
import type { Timeline } from '../engine/scheduler/timeline.ts'
import type { TokenObserver } from '../engine/scheduler/token-observer.ts'
import type { TrustStore, Workspace } from '../engine/workspace/index.ts'

/** What this folder uses of the engine, so that tests can put something smaller in its place. */

type SchedulerMembers =
  | 'stop'
  | 'setOperations'
  | 'idOf'
  | 'settlement'
  | 'query'
  | 'detail'
  | 'previewCommand'
  | 'runCommand'
  | 'runCommandInTurns'
  | 'setPattern'
  | 'liveOptions'
  | 'convergence'
  | 'guard'
  | 'allocation'
  | 'log'
  | 'onNotice'
  | 'pausedState'

export interface HostScheduler extends Pick<Scheduler, SchedulerMembers> {
  submit(operationType: string, values: readonly unknown[], settings?: SubmitSettings): { readonly sequence: number }
  readonly reports: Pick<Reports, 'canRun' | 'operations' | 'stats' | 'frame' | 'convergence'>
  readonly observer: Pick<TokenObserver, 'listen'>
  readonly timeline: Pick<Timeline, 'read' | 'summary' | 'runs'>
}

/** Where tokens are asked for. */
export interface TokenSource {
  query: Scheduler['query']
  detail(id: string): TokenDetail | Promise<TokenDetail>
  settlement: Scheduler['settlement']
}

/** The live tokens and those that only a journal keeps, as one. */
export type TokenHistory = TokenSource & Pick<MergedTokens, 'keptBeside' | 'removed' | 'close'>

/** What the host uses of the journal. */
export type HostJournal = Pick<
  Journal,
  'opened' | 'trouble' | 'durable' | 'recordAudit' | 'keepSetting' | 'leaveWaiting' | 'onNotice' | 'close'
>

/** An open workspace. */
export type LoadedWorkspace = Pick<Workspace, 'reports' | 'runnable' | 'notices' | 'onChange' | 'reload' | 'dispose'>

/** Which folders a person has trusted on this machine. */
export type FolderTrust = Pick<TrustStore, 'isTrusted' | 'trust' | 'recent' | 'remember' | 'notice'>
