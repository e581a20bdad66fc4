import type { MessagePort } from 'node:worker_threads'
import { z } from 'zod'
import { errorData } from '../../../shared/contract/common.ts'
import { sourceInspection, sourcePosition } from '../../../shared/contract/operations.ts'
import { operationTags } from '../../../shared/contract/tags.ts'

/** What a scan worker is given. */
export interface ScanData {
  readonly moduleUrl: string
  /** Absolute path of the workspace. */
  readonly root: string
  readonly sdkEntry: string
  readonly codeCache: string | undefined
  readonly port: MessagePort
}

export const scannedOperation = z.object({
  operationType: z.string(),
  tags: operationTags,
  /** Empty when the module does not export it. */
  exportName: z.string(),
  position: sourcePosition.nullable(),
  parameters: z.array(z.string()),
  description: z.string().nullable(),
  inspection: sourceInspection.optional(),
})
export type ScannedOperation = z.infer<typeof scannedOperation>

/** What a scan worker answers. Parsed, not trusted: a module's code ran in the same thread before it was sent. */
export const scanMessage = z.discriminatedUnion('state', [
  z.object({ state: z.literal('loaded'), operations: z.array(scannedOperation), files: z.array(z.string()) }),
  z.object({ state: z.literal('failed'), error: errorData }),
])
export type ScanMessage = z.infer<typeof scanMessage>
