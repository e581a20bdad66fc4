import { useEffect, useRef, useState } from 'react'
import type { OperationInfo } from '../../../shared/contract/operations.ts'
import { type RowPage, RowWindow } from '../../table/row-window.ts'
import type { TableSort } from '../../table/table-header.tsx'
import { listOperations } from './operation-list.ts'

export interface OperationPage extends RowPage<OperationInfo> {
  /** Operations of the host, whether they match or not. */
  readonly total: number
}

export function operationIdOf(operation: OperationInfo): string {
  return operation.operation
}

/** The operations as the table wants them. All of them are here, so that sorting and finding need no host. */
export function useOperationRows(
  operations: readonly OperationInfo[] | null,
  text: string,
  sort: TableSort,
): RowWindow<OperationInfo, OperationPage> {
  const [rows] = useState(() => new RowWindow<OperationInfo, OperationPage>(operationIdOf))
  const newest = useRef({ operations, version: 0 })
  if (newest.current.operations !== operations) newest.current = { operations, version: newest.current.version + 1 }
  const known = operations !== null
  useEffect(() => {
    if (!known) return
    rows.ask(async (offset, limit) => {
      const { operations: all, version } = newest.current
      const listed = listOperations(all ?? [], text, sort)
      return { rows: listed.slice(offset, offset + limit), matched: listed.length, version, total: all?.length ?? 0 }
    })
  }, [rows, known, text, sort])
  useEffect(() => {
    if (operations !== null) rows.hostIsAt(newest.current.version)
  }, [rows, operations])
  useEffect(() => () => rows[Symbol.dispose](), [rows])
  return rows
}
