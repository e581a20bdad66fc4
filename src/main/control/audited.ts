import { toErrorData } from '../../shared/errors.ts'
import type { AuditLog } from './audit-log.ts'
import type { Caller } from './host-api.ts'

interface AuditedAction<Result> {
  readonly caller: Caller
  readonly action: string
  readonly target: string
  readonly reason?: string
  readonly run: () => Result | Promise<Result>
  /** What came of it, in a few words. */
  readonly summarise: (result: Result) => string
}

/** Does something and enters it in the audit log, also when it is refused. */
export async function audited<Result>(
  audit: AuditLog,
  { caller, action, target, reason = '', run, summarise }: AuditedAction<Result>,
): Promise<{ readonly result: Result; readonly auditId: number }> {
  const record = (outcome: string) => audit.record({ actor: caller.peer.name, action, target, reason, outcome })
  try {
    const result = await run()
    return { result, auditId: record(summarise(result)) }
  } catch (error) {
    record(`refused: ${toErrorData(error).message}`)
    throw error
  }
}
