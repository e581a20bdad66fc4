import type { MessagePort } from 'node:worker_threads'
import type { MessageChannelMain, WebContents } from 'electron'
import { GuardhouseError } from '../../shared/errors.ts'
import { shellChannels } from '../../shared/window-bridge.ts'
import { relayPorts } from './port-relay.ts'

/** A page needs one; more than a few is a page that has gone wild. */
const maxConnectionsPerWindow = 8

/** One document in one window. Its connections die with it: a reload makes another. */
interface PageVisit {
  /** Asked for and not closed again, also those that are still being made. */
  connections: number
  readonly closers: Set<() => void>
  ended: boolean
}

export interface ConnectionDependencies {
  readonly createChannel: () => MessageChannelMain
  /** A new connection to the control thread; waits while that starts. */
  readonly connectToHost: () => Promise<MessagePort>
}

/** Gives pages connections to the control thread and closes them when their document goes. */
export class Connections implements Disposable {
  readonly #dependencies: ConnectionDependencies
  readonly #visits = new Map<WebContents, PageVisit>()

  constructor(dependencies: ConnectionDependencies) {
    this.#dependencies = dependencies
  }

  /** Connects the document that `contents` shows now; the port reaches its preload on the port channel. */
  async connect(contents: WebContents): Promise<void> {
    const visit = this.#visits.get(contents) ?? this.#begin(contents)
    if (visit.connections >= maxConnectionsPerWindow) {
      throw new GuardhouseError('overloaded', `this window has ${maxConnectionsPerWindow} connections already`, {
        hint: 'Close one before asking for another.',
      })
    }
    visit.connections++
    try {
      const hostPort = await this.#dependencies.connectToHost()
      this.#relay(contents, visit, hostPort)
    } catch (error) {
      visit.connections--
      throw error
    }
  }

  [Symbol.dispose](): void {
    for (const contents of [...this.#visits.keys()]) this.#end(contents)
  }

  #relay(contents: WebContents, visit: PageVisit, hostPort: MessagePort): void {
    if (visit.ended) {
      hostPort.close()
      throw new GuardhouseError('disconnected', 'the page went away while its connection was made')
    }
    const channel = this.#dependencies.createChannel()
    const close = relayPorts(channel.port1, hostPort, () => {
      visit.closers.delete(close)
      visit.connections--
    })
    visit.closers.add(close)
    contents.postMessage(shellChannels.port, null, [channel.port2])
  }

  #begin(contents: WebContents): PageVisit {
    const visit: PageVisit = { connections: 0, closers: new Set(), ended: false }
    this.#visits.set(contents, visit)
    // Not left to the ports alone: whether a port closes with its document depends on garbage collection.
    const end = () => {
      contents.off('did-start-navigation', endOnNewDocument)
      contents.off('render-process-gone', end)
      contents.off('destroyed', end)
      if (this.#visits.get(contents) === visit) this.#end(contents)
    }
    const endOnNewDocument = (details: { isMainFrame: boolean; isSameDocument: boolean }) => {
      if (details.isMainFrame && !details.isSameDocument) end()
    }
    contents.on('did-start-navigation', endOnNewDocument)
    contents.on('render-process-gone', end)
    contents.on('destroyed', end)
    return visit
  }

  #end(contents: WebContents): void {
    const visit = this.#visits.get(contents)
    if (visit === undefined) return
    this.#visits.delete(contents)
    visit.ended = true
    for (const close of [...visit.closers]) close()
  }
}
