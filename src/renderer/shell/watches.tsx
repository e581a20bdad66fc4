import { Bell, BellOff } from 'lucide-react'
import type { WatchTarget } from '../../shared/contract/watches.ts'
import { useHost, useQuery } from '../client/host-context.tsx'
import { IconButton } from '../ui/button.tsx'
import { useToasts } from '../ui/toast.tsx'

/** Whether something is watched, and what turns that around. */
function useWatch(target: WatchTarget): { readonly watched: boolean; readonly toggle: () => Promise<void> } {
  const host = useHost()
  const toasts = useToasts()
  const { data, refresh } = useQuery('watches.list', {}, { onEvents: ['watches-changed', 'watched'] })
  const key = keyOf(target)
  const watched = data?.watches.some((watch) => keyOf(watch) === key) ?? false
  async function toggle() {
    try {
      await host.call(watched ? 'watches.remove' : 'watches.add', { target })
      refresh()
    } catch (error) {
      toasts.show({ tone: 'bad', title: 'This cannot be watched', text: String(error) })
    }
  }
  return { watched, toggle }
}

function keyOf(target: WatchTarget): string {
  if (target.kind === 'idle') return 'idle'
  return target.kind === 'token' ? `token ${target.id}` : `operation ${target.operation}`
}

export interface WatchButtonProps {
  readonly target: WatchTarget
  /** What it will tell: `Tell me when this token ends`. */
  readonly label: string
}

/** A bell: pressed while the host will tell of it, here and, in the desktop, through the system. */
export function WatchButton({ target, label }: WatchButtonProps) {
  const { watched, toggle } = useWatch(target)
  return (
    <IconButton
      size="small"
      label={label}
      aria-pressed={watched}
      tooltip={watched ? `${label}: on. Press to be told no more.` : label}
      icon={watched ? <BellOff size={14} aria-hidden="true" /> : <Bell size={14} aria-hidden="true" />}
      onClick={() => void toggle()}
    />
  )
}
