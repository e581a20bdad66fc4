import type { OperationInfo } from '../../../shared/contract/operations.ts'

export function liveTokens({ counts }: Pick<OperationInfo, 'counts'>): number {
  return counts.WAITING + counts.ADMITTED + counts.EXECUTING
}

/** The operations with the most live tokens; among equals those that failed most, then those that ran most. */
export function busiestOperations(operations: readonly OperationInfo[], atMost: number): readonly OperationInfo[] {
  return operations
    .filter((operation) => Object.values(operation.counts).some((count) => count > 0))
    .sort(
      (a, b) =>
        liveTokens(b) - liveTokens(a) ||
        b.counts.FAILED - a.counts.FAILED ||
        b.counts.COMPLETED - a.counts.COMPLETED ||
        a.operation.localeCompare(b.operation),
    )
    .slice(0, atMost)
}
