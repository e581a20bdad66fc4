import { z } from 'zod'
import { complexityLevels } from '../model/operation.ts'
import { errorData, nothing, operationType, quantiles, stateCounts, weight } from './common.ts'
import { procedure } from './procedure.ts'

export const sourcePosition = z.object({ file: z.string(), line: z.number(), column: z.number() })

export const sourceInspection = z.object({
  /** 0..200; see engine/workspace/inspect-source.ts for the formula. */
  score: z.number(),
  level: z.enum(complexityLevels),
  length: z.number(),
  depth: z.number(),
  literals: z.number(),
  names: z.number(),
  loops: z.number(),
  branches: z.number(),
})

export const operationInfo = z.object({
  operation: operationType,
  /** Number used for this operation in telemetry frames. */
  index: z.number(),
  /** Path of its module relative to the workspace; null for operations of the host itself. */
  module: z.string().nullable(),
  position: sourcePosition.nullable(),
  description: z.string().nullable(),
  /** Complexity of its source; null when it was not looked at. */
  inspection: sourceInspection.nullable(),
  parameters: z.array(z.string()),
  weight,
  tags: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  /** available: its module loads. failed: the last load failed, see modules. gone: its module was removed. */
  availability: z.enum(['available', 'failed', 'gone']),
  paused: z.boolean(),
  counts: stateCounts,
  /** Run time and wait over the newest finished tokens. */
  runs: quantiles,
  waits: quantiles,
  lastError: errorData.nullable(),
})
export type OperationInfo = z.infer<typeof operationInfo>

export const moduleInfo = z.object({
  module: z.string(),
  state: z.enum(['loaded', 'failed']),
  operations: z.array(operationType),
  error: errorData.nullable(),
})
export type ModuleInfo = z.infer<typeof moduleInfo>

export const workspaceStates = ['none', 'untrusted', 'loading', 'ready', 'failed'] as const
export const workspaceInfo = z.object({
  state: z.enum(workspaceStates),
  /** Absolute path; null when no workspace is open. */
  path: z.string().nullable(),
  /** True for the sample that ships with Guardhouse. */
  sample: z.boolean(),
  modules: z.array(moduleInfo),
  error: errorData.nullable(),
  /** Grows with every (re)load. */
  generation: z.number(),
  recent: z.array(z.string()),
})
export type WorkspaceInfo = z.infer<typeof workspaceInfo>

export const operationProcedures = {
  'operations.list': procedure(
    'read',
    'Every operation with its counts.',
    nothing,
    z.object({ operations: z.array(operationInfo) }),
  ),
}

export const workspaceProcedures = {
  'workspace.get': procedure('read', 'The open workspace and its modules.', nothing, workspaceInfo),
  'workspace.open': procedure(
    'undoable',
    'Open a folder of operations. A folder never opened before comes back as untrusted and loads nothing.',
    z.strictObject({ path: z.string().min(1).max(4096) }),
    workspaceInfo,
  ),
  'workspace.openSample': procedure('undoable', 'Open the sample workspace.', nothing, workspaceInfo),
  'workspace.trust': procedure(
    'undoable',
    'Trust the folder: its code may run on this machine.',
    z.strictObject({ path: z.string().min(1).max(4096) }),
    workspaceInfo,
  ),
  'workspace.reload': procedure('undoable', 'Read every module again.', nothing, workspaceInfo),
}
