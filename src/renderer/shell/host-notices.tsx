import type { HostEvent } from '../../shared/contract/system.ts'
import { useHostEvents } from '../client/host-context.tsx'
import { type ToastTone, useToasts } from '../ui/toast.tsx'
import { useRouter } from './router-context.tsx'

const tones: Readonly<Record<'info' | 'warn' | 'error', ToastTone>> = { info: 'info', warn: 'warn', error: 'bad' }

/** Shows what the host has to say to everybody. */
export function HostNotices() {
  const toasts = useToasts()
  const router = useRouter()

  function showWatched({ title, text, token }: Extract<HostEvent, { kind: 'watched' }>) {
    const action = token === null ? undefined : { label: 'Open', run: () => router.go(['tokens', token]) }
    toasts.show({ tone: 'info', title, text, action })
  }

  useHostEvents((event) => {
    if (event.kind === 'notice')
      toasts.show({ tone: tones[event.level], title: event.text, topic: topicOf(event.text) })
    if (event.kind === 'watched') showWatched(event)
  })
  return null
}

/** Notices that differ in their numbers alone are news of one thing: the newest takes the place of the others. */
function topicOf(text: string): string {
  return `notice ${text.replace(/\d[\d.,]*/g, '#')}`
}
