import { EventEmitter } from 'node:events'

interface NotificationOptions {
  readonly title?: string
  readonly body?: string
  readonly silent?: boolean
}

/** Every notification that was shown, in that order. */
export const notifications: Notification[] = []

/** Electron's `Notification`. Nothing shows it; a test clicks by `emit('click')`. */
export class Notification extends EventEmitter {
  title: string
  body: string
  silent: boolean

  static isSupported(): boolean {
    return true
  }

  constructor({ title = '', body = '', silent = false }: NotificationOptions = {}) {
    super()
    this.title = title
    this.body = body
    this.silent = silent
  }

  show(): void {
    notifications.push(this)
    this.emit('show')
  }

  close(): void {
    this.emit('close')
  }
}
