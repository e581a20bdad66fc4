import type { OperationInfo } from '../../../shared/contract/operations.ts'
import type { TableSort } from '../../table/table-header.tsx'
import { sortKey } from './operation-columns.tsx'

/** Operations whose name, module, description or last error has `text` in it, in the order asked for. */
export function listOperations(
  operations: readonly OperationInfo[],
  text: string,
  sort: TableSort,
): readonly OperationInfo[] {
  const wanted = text.trim().toLowerCase()
  const factor = sort.direction === 'ascending' ? 1 : -1
  return operations
    .filter((operation) => searchable(operation).includes(wanted))
    .sort((a, b) => factor * compare(sortKey(a, sort.by), sortKey(b, sort.by)) || compare(a.operation, b.operation))
}

function searchable({ operation, module, description, lastError }: OperationInfo): string {
  return `${operation}\n${module ?? ''}\n${description ?? ''}\n${lastError?.message ?? ''}`.toLowerCase()
}

function compare(left: string | number, right: string | number): number {
  if (typeof left === 'string' && typeof right === 'string')
    return left.localeCompare(right, undefined, { numeric: true })
  return Number(left) - Number(right)
}
