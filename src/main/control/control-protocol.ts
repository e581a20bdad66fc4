import type { MessagePort } from 'node:worker_threads'
import type { SystemInfo } from '../../shared/contract/system.ts'
import type { ErrorData } from '../../shared/errors.ts'
import type { JournalLimits } from '../engine/journal/journal-protocol.ts'
import type { SchedulerOptions } from '../engine/scheduler/options.ts'
import type { StopOptions, StopReport } from '../engine/scheduler/scheduler-types.ts'
import type { EntryHrefs } from '../entries.ts'

/** What the shell thread and the control thread say to each other. All of it is plain data that can be cloned. */

/** With what a control thread starts. */
export interface ControlInit {
  /** Checked by the control thread; a wrong one fails the start. */
  readonly options: Partial<SchedulerOptions>
  readonly host: SystemInfo['host']
  /** Refuses whatever changes anything, for every connection. */
  readonly readOnly: boolean
  /** Folder to open at the start, absolute; `sample` for the one that ships with Guardhouse; null for none. */
  readonly workspace: string | null
  /** Where accepted tokens are written down; null for nowhere, as in a demo. */
  readonly journal: JournalInit | null
  /** Folder where the list of trusted folders is kept; made when it is missing. */
  readonly stateDirectory: string
}

export interface JournalInit {
  /** Absolute; null for the usual one in the state directory, or one beside it while another host has that. */
  readonly path: string | null
  readonly limits?: Partial<JournalLimits>
}

/** workerData of the control thread. */
export interface ControlThreadData {
  readonly init: ControlInit
  readonly entries: EntryHrefs
}

/**
 * Who is at the other end of a connection.
 * window: a page of the desktop app; messages are objects. socket: a person's browser or command line; messages are JSON text.
 * program: the same for a program that submits work; its submissions are not entered in the audit log.
 */
export const peerKinds = ['window', 'socket', 'program'] as const
export type PeerKind = (typeof peerKinds)[number]

export interface Peer {
  readonly kind: PeerKind
  /** Shown in the audit log: `window`, `command line`, `program python`. */
  readonly name: string
  /** Refuses whatever changes anything, for this connection. */
  readonly readOnly: boolean
}

export type ToControl =
  | { readonly type: 'connect'; readonly port: MessagePort; readonly peer: Peer }
  | { readonly type: 'shutdown'; readonly options: StopOptions }

export type FromControl =
  | { readonly type: 'ready' }
  /** The start failed; the thread ends. */
  | { readonly type: 'failed'; readonly error: ErrorData }
  /** Every token is settled and every connection closed; the thread ends. */
  | { readonly type: 'stopped'; readonly report: StopReport }
