import { GitCompareArrows } from 'lucide-react'
import { useQuery } from '../../client/host-context.tsx'
import { Button } from '../../ui/button.tsx'
import { formatDateTime } from '../../ui/format.ts'
import { Menu, MenuItem } from '../../ui/menu.tsx'

export interface CompareMenuProps {
  readonly run: string
  readonly workflow: string | null
  readonly onCompare: (other: string) => void
}

/** Other runs of the same workflow, newest first. */
export function CompareMenu({ run, workflow, onCompare }: CompareMenuProps) {
  const { data } = useQuery('workflows.runs', { filter: workflow === null ? {} : { workflows: [workflow] }, limit: 20 })
  const others = (data?.rows ?? []).filter(({ id }) => id !== run)
  return (
    <Menu trigger={<Button icon={<GitCompareArrows size={14} aria-hidden="true" />}>Compare with…</Button>} align="end">
      {others.length === 0 ? (
        <MenuItem disabledReason="Run it once more." onSelect={() => undefined}>
          There is no other run of this workflow
        </MenuItem>
      ) : null}
      {others.map((other) => (
        <MenuItem key={other.id} onSelect={() => onCompare(other.id)}>
          {formatDateTime(other.startedAt, true)}, {other.status ?? other.state}
        </MenuItem>
      ))}
    </Menu>
  )
}
