import type { TokenRow } from '../../../shared/contract/tokens.ts'
import type { Column } from '../../table/column.ts'
import { LongName } from '../../table/long-name.tsx'
import { formatCount, formatDateTime, formatDuration, formatTimeOfDay, formatWorker, missing } from '../../ui/format.ts'
import { StateMark } from '../../ui/state-mark.tsx'
import { HeldMark } from './held-mark.tsx'

/** @param wallOf wall clock milliseconds of an instant of the engine; null until the host's epoch is known */
export function tokenColumns(wallOf: ((microseconds: number) => number) | null): readonly Column<TokenRow>[] {
  return [
    {
      id: 'state',
      title: 'State',
      width: 112,
      sortable: true,
      text: (row) => (row.held ? `${row.state} (paused)` : row.state),
      cell: (row) => <HeldMark held={row.held} mark={<StateMark state={row.state} />} />,
    },
    {
      id: 'operation',
      title: 'Operation',
      width: 150,
      minWidth: 96,
      sortable: true,
      growth: 2,
      fixed: true,
      text: (row) => row.operation,
      cell: (row) => <LongName name={row.operation} />,
    },
    {
      id: 'sequence',
      title: 'Token',
      width: 84,
      align: 'end',
      sortable: true,
      text: (row) => row.id,
      cell: (row) => `#${row.sequence}`,
    },
    { id: 'weight', title: 'Weight', width: 76, optional: true, text: (row) => row.weight },
    { id: 'core', title: 'Core', width: 64, align: 'end', sortable: true, text: coreText },
    {
      id: 'waited',
      title: 'Waited',
      copyTitle: 'Waited, µs',
      width: 84,
      align: 'end',
      sortable: true,
      text: (row) => microsecondsText(row.waited),
      cell: (row) => formatDuration(row.waited),
    },
    {
      id: 'ran',
      title: 'Ran',
      copyTitle: 'Ran, µs',
      width: 84,
      align: 'end',
      sortable: true,
      text: (row) => microsecondsText(row.ran),
      cell: (row) => formatDuration(row.ran),
    },
    {
      id: 'created',
      title: 'Created',
      width: 116,
      align: 'end',
      text: (row) => (wallOf === null ? '' : formatDateTime(wallOf(row.createdAt), true)),
      cell: (row) => (wallOf === null ? missing : formatTimeOfDay(wallOf(row.createdAt), true)),
    },
    {
      id: 'attempt',
      title: 'Attempt',
      width: 76,
      align: 'end',
      optional: true,
      text: (row) => formatCount(row.attempt),
    },
    { id: 'parent', title: 'Parent', width: 240, optional: true, text: (row) => row.parent ?? '', cell: parentCell },
  ]
}

/** Core and slot: `3·1`. The slot stands on its own in no table, so one column is enough. */
function coreText({ core, slot }: TokenRow): string {
  return core === null ? missing : formatWorker(core, slot)
}

function microsecondsText(microseconds: number | null): string {
  return microseconds === null ? '' : String(Math.round(microseconds * 1000) / 1000)
}

function parentCell({ parent }: TokenRow) {
  return parent === null ? missing : <LongName name={parent} />
}
