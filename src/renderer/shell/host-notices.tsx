import { useHostEvents } from '../client/host-context.tsx'
import { type ToastTone, useToasts } from '../ui/toast.tsx'

const tones: Readonly<Record<'info' | 'warn' | 'error', ToastTone>> = { info: 'info', warn: 'warn', error: 'bad' }

/** Shows what the host has to say to everybody. */
export function HostNotices() {
  const toasts = useToasts()
  useHostEvents((event) => {
    if (event.kind === 'notice') toasts.show({ tone: tones[event.level], title: event.text })
  })
  return null
}
