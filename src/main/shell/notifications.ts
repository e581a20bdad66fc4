import type { Notification, NotificationConstructorOptions } from 'electron'
import type { HostEvent } from '../../shared/contract/system.ts'

export interface NotificationDependencies {
  readonly Notification: {
    new (options: NotificationConstructorOptions): Notification
    isSupported(): boolean
  }
  /** True while the window has the focus: what happens before somebody's eyes needs no notification. */
  readonly isLookedAt: () => boolean
  readonly show: (route: readonly string[]) => void
}

/** Tells a person through the system of what they asked to watch. A click leads to the token. */
export function notifyWatched(event: HostEvent, { Notification, isLookedAt, show }: NotificationDependencies): void {
  if (event.kind !== 'watched' || isLookedAt() || !Notification.isSupported()) return
  const { title, text, token } = event
  const notification = new Notification({ title, body: text })
  notification.on('click', () => show(token === null ? [] : ['tokens', token]))
  notification.show()
}
