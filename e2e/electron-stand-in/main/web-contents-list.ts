import { EventEmitter } from 'node:events'
import type { WebContents } from './web-contents.ts'

interface WebContentsListEvents {
  created: [contents: WebContents]
  'render-process-gone': [contents: WebContents, details: { reason: string; exitCode: number }]
}

/** Every web contents that has not been destroyed, and what befalls any of them. */
class WebContentsList extends EventEmitter<WebContentsListEvents> {
  readonly #all = new Map<number, WebContents>()
  #lastId = 0

  newId(): number {
    return ++this.#lastId
  }

  add(contents: WebContents): void {
    this.#all.set(contents.id, contents)
    this.emit('created', contents)
  }

  remove(contents: WebContents): void {
    this.#all.delete(contents.id)
  }

  all(): WebContents[] {
    return [...this.#all.values()]
  }

  withId(id: number): WebContents | undefined {
    return this.#all.get(id)
  }

  withTarget(targetId: string): WebContents | undefined {
    return this.all().find((contents) => contents.targetId === targetId)
  }
}

export const webContentsList = new WebContentsList()

/** Electron's module `webContents`. */
export const webContents = {
  getAllWebContents: () => webContentsList.all(),
  getFocusedWebContents: () => webContentsList.all().find((contents) => contents.isFocused()) ?? null,
  fromId: (id: number) => webContentsList.withId(id),
  fromDevToolsTargetId: (targetId: string) => webContentsList.withTarget(targetId),
}
