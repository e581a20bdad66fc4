import type { operationProcedures, WorkspaceInfo, workspaceProcedures } from '../../shared/contract/operations.ts'
import type { AuditLog } from './audit-log.ts'
import { audited } from './audited.ts'
import type { HostScheduler } from './engine-surface.ts'
import type { Caller, HostApi } from './host-api.ts'
import type { OperationList } from './operation-list.ts'
import type { WorkspaceSession } from './workspace-session.ts'

export interface WorkspaceApiParts {
  readonly scheduler: HostScheduler
  readonly audit: AuditLog
  readonly workspace: WorkspaceSession
  readonly operations: OperationList
}

export function createWorkspaceApi({
  scheduler,
  audit,
  workspace,
  operations,
}: WorkspaceApiParts): Pick<HostApi, keyof typeof operationProcedures | keyof typeof workspaceProcedures> {
  async function change(
    caller: Caller,
    action: string,
    target: string,
    run: () => Promise<WorkspaceInfo>,
  ): Promise<WorkspaceInfo> {
    const { result } = await audited(audit, { caller, action, target, run, summarise: summariseWorkspace })
    return result
  }

  return {
    'operations.list': () => ({ operations: operations.join(scheduler.reports.operations()) }),
    'workspace.get': () => workspace.info(),
    'workspace.open': ({ path }, caller) => change(caller, 'open workspace', path, () => workspace.open(path)),
    'workspace.openSample': (_input, caller) =>
      change(caller, 'open workspace', 'sample', () => workspace.openSample()),
    'workspace.trust': ({ path }, caller) => change(caller, 'trust workspace', path, () => workspace.trust(path)),
    'workspace.reload': (_input, caller) =>
      change(caller, 'reload workspace', workspace.info().path ?? 'none', () => workspace.reload()),
  }
}

function summariseWorkspace({ state, modules }: WorkspaceInfo): string {
  if (state !== 'ready') return state
  const failed = modules.filter((module) => module.state === 'failed').length
  const loaded = modules.length - failed
  return `${loaded} ${loaded === 1 ? 'module' : 'modules'} loaded${failed === 0 ? '' : `, ${failed} failed`}`
}
