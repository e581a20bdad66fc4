import { Copy, ScrollText } from 'lucide-react'
import { useState } from 'react'
import type { AuditEntry } from '../../../shared/contract/commands.ts'
import { useQuery } from '../../client/host-context.tsx'
import { FindField } from '../../shell/find-field.tsx'
import type { PageDefinition } from '../../shell/page.ts'
import { type DataColumn, DataTable } from '../../table/data-table.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { formatPlural, formatShown, missing } from '../../ui/format.ts'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { TimeText } from '../../ui/time-text.tsx'
import { useToasts } from '../../ui/toast.tsx'
import { entriesAsCsv, entriesAsJson } from './activity-export.ts'
import styles from './activity-page.module.css'

export const activityPage: PageDefinition = {
  id: 'activity',
  title: 'Activity',
  icon: <ScrollText size={16} aria-hidden="true" />,
  command: 'go.activity',
  Component: ActivityPage,
}

/** How many entries are shown at first, and how many more with each press of the button. The host gives at most 1,000. */
const pageSize = 200
const mostEntries = 1000

function ActivityPage() {
  const [text, setText] = useState('')
  const [limit, setLimit] = useState(pageSize)
  const { data, error } = useQuery(
    'audit.query',
    { ...(text.trim() === '' ? {} : { text: text.trim() }), limit },
    {
      onEvents: ['audit'],
    },
  )
  const entries = data?.entries ?? []
  return (
    <>
      <PageHeader
        title="Activity"
        note={
          data === null
            ? undefined
            : `${formatShown(entries.length, data.matched, 'entries')}${data.matched === data.total ? '' : `, ${formatPlural(data.total, 'entry', 'entries')} since start`}`
        }
        actions={
          <>
            <FindField
              className={styles.filter}
              command={{ id: 'activity.find', title: 'Find in the activity log', group: 'Activity' }}
              label="Filter by any text"
              placeholder="Find: who, what, target, reason"
              value={text}
              onValueChange={(value) => {
                setText(value)
                setLimit(pageSize)
              }}
            />
            <CopyMenu entries={entries} />
          </>
        }
      />
      {error === null ? null : (
        <div className={styles.problem}>
          <ErrorNotice error={error} />
        </div>
      )}
      {data !== null && entries.length === 0 ? <Nothing filtered={data.total > 0} onClear={() => setText('')} /> : null}
      {entries.length === 0 ? null : (
        <DataTable
          fills="page"
          label="Who did what, newest first"
          columns={columns}
          rows={entries}
          keyOf={({ id }) => id}
        />
      )}
      {data !== null && entries.length < Math.min(data.matched, mostEntries) ? (
        <div className={styles.more}>
          <Button onClick={() => setLimit(Math.min(mostEntries, limit + pageSize))}>Show older entries</Button>
        </div>
      ) : null}
    </>
  )
}

const columns: readonly DataColumn<AuditEntry>[] = [
  { title: 'When', width: '168px', cell: ({ at }) => <TimeText wall={at} /> },
  { title: 'Who', width: '136px', cell: ({ actor }) => actor },
  { title: 'What', width: '136px', cell: ({ action }) => action },
  { title: 'Target', mono: true, whole: ({ target }) => target, cell: ({ target }) => target },
  {
    title: 'Reason',
    whole: ({ reason }) => reason,
    cell: ({ reason }) => (reason === '' ? <span className={styles.missing}>{missing}</span> : reason),
  },
  { title: 'Outcome', width: '22%', whole: ({ outcome }) => outcome, cell: ({ outcome }) => outcome },
]

function Nothing({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }) {
  return filtered ? (
    <EmptyState title="No entry has that text" action={<Button onClick={onClear}>Clear the filter</Button>}>
      The filter looks at who, what, target, reason and outcome.
    </EmptyState>
  ) : (
    <EmptyState icon={<ScrollText size={24} aria-hidden="true" />} title="Nobody has done anything yet">
      Everything a person or a program does to this scheduler is written down here: who, what, to which tokens, why, and
      what came of it. It holds since the host started.
    </EmptyState>
  )
}

function CopyMenu({ entries }: { readonly entries: readonly AuditEntry[] }) {
  const toasts = useToasts()
  function copy(text: string, format: string) {
    navigator.clipboard.writeText(text).then(
      () =>
        toasts.show({ tone: 'good', title: `Copied ${formatPlural(entries.length, 'entry', 'entries')} as ${format}` }),
      (error: unknown) => toasts.show({ tone: 'bad', title: 'Could not copy', text: String(error) }),
    )
  }
  const block = entries.length === 0 ? 'There is nothing to copy.' : null
  return (
    <Menu align="end" trigger={<Button icon={<Copy size={14} aria-hidden="true" />}>Copy</Button>}>
      <MenuItem disabledReason={block} onSelect={() => copy(entriesAsJson(entries), 'JSON')}>
        The entries shown, as JSON
      </MenuItem>
      <MenuItem disabledReason={block} onSelect={() => copy(entriesAsCsv(entries), 'CSV')}>
        The entries shown, as CSV
      </MenuItem>
    </Menu>
  )
}
