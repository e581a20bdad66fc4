import type { z } from 'zod'
import { allocationProcedures } from './allocation.ts'
import { busProcedures, busStreams } from './bus.ts'
import { auditProcedures, commandProcedures } from './commands.ts'
import { convergenceProcedures } from './convergence.ts'
import { guardProcedures } from './guard.ts'
import { kernelProcedures } from './kernel.ts'
import { logProcedures, logStreams } from './log.ts'
import { operationProcedures, workspaceProcedures } from './operations.ts'
import { optionProcedures } from './options.ts'
import { receiptProcedures } from './receipts.ts'
import { scheduleProcedures } from './schedules.ts'
import { storageProcedures } from './storage.ts'
import { systemProcedures, systemStreams } from './system.ts'
import { throttleProcedures } from './throttle.ts'
import { timelineProcedures } from './timeline.ts'
import { tokenProcedures } from './tokens.ts'
import { trailProcedures } from './trail.ts'
import { watchProcedures } from './watches.ts'
import { workflowProcedures, workflowStreams } from './workflows.ts'

/** Everything a client can ask of a host. The window, the command line and other programs all use exactly this. */
export const procedures = {
  ...systemProcedures,
  ...optionProcedures,
  ...allocationProcedures,
  ...convergenceProcedures,
  ...guardProcedures,
  ...scheduleProcedures,
  ...logProcedures,
  ...tokenProcedures,
  ...timelineProcedures,
  ...watchProcedures,
  ...commandProcedures,
  ...auditProcedures,
  ...busProcedures,
  ...kernelProcedures,
  ...trailProcedures,
  ...operationProcedures,
  ...workspaceProcedures,
  ...receiptProcedures,
  ...storageProcedures,
  ...throttleProcedures,
  ...workflowProcedures,
}
export const streams = { ...systemStreams, ...logStreams, ...workflowStreams, ...busStreams }

export const contractVersion = 1

export type ProcedureName = keyof typeof procedures
/** What a caller may give: fields with a default may be left out. */
export type ProcedureInput<Name extends ProcedureName> = z.input<(typeof procedures)[Name]['input']>
/** What an implementation receives: defaults filled in. */
export type ProcedureParsedInput<Name extends ProcedureName> = z.output<(typeof procedures)[Name]['input']>
export type ProcedureOutput<Name extends ProcedureName> = z.output<(typeof procedures)[Name]['output']>

export type StreamName = keyof typeof streams
export type StreamInput<Name extends StreamName> = z.input<(typeof streams)[Name]['input']>
export type StreamParsedInput<Name extends StreamName> = z.output<(typeof streams)[Name]['input']>
export type StreamItem<Name extends StreamName> = z.output<(typeof streams)[Name]['item']>
