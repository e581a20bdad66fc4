import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Subscription } from '../../../shared/contract/client.ts'
import type { StreamItem } from '../../../shared/contract/index.ts'
import type { LineFilter, LogLine } from '../../../shared/contract/log.ts'
import type { Host } from '../../client/host.ts'

export interface ConsoleState {
  /** Oldest first; null before the first answer. */
  readonly lines: readonly LogLine[] | null
  /** Kept lines that match, also those not shown. */
  readonly matched: number
  readonly kept: number
  /** Lines that the host no longer keeps. */
  readonly gone: number
  /** Why the newest question failed; null when it did not. */
  readonly error: unknown
}

type ConsoleHost = Pick<Host, 'connection' | 'visibility' | 'call'>

/** Lines shown; a person reads no more, and the rest is found with the filter. */
export const shownLines = 1000
/** Lines that come are shown together this often, milliseconds. */
const showEveryMs = 100
/** Counts that no line tells (what is kept, what is gone) are asked for this often while lines come, milliseconds. */
const recountEveryMs = 5000

const nothingYet: ConsoleState = { lines: null, matched: 0, kept: 0, gone: 0, error: null }

/**
 * Log lines that match a filter: those that are there, and then each as it is written. Still while it is held, while
 * nobody can see the page, and while there is no connection; afterwards it starts from what is there then.
 */
export class ConsoleFeed implements Disposable {
  readonly store: StoreApi<ConsoleState> = createStore(() => nothingYet)
  readonly #host: ConsoleHost
  readonly #undo: (() => void)[] = []
  #filter: LineFilter
  #following = true
  #subscription: Subscription | null = null
  /** Grows with every start, so that what belongs to an older one is let go. */
  #generation = 0
  #fresh: LogLine[] = []
  #reading = false
  #readAt = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(host: ConsoleHost, filter: LineFilter) {
    this.#host = host
    this.#filter = filter
  }

  start(): void {
    const { connection, visibility } = this.#host
    this.#undo.push(
      connection.store.subscribe((state, before) => {
        if (state.client !== before.client) this.#restart()
      }),
      visibility.onChange(() => this.#restart()),
    )
    this.#restart()
  }

  /** The old lines stay until those of the other filter are there. */
  setFilter(filter: LineFilter): void {
    this.#filter = filter
    this.#restart()
  }

  setFollowing(following: boolean): void {
    if (following === this.#following) return
    this.#following = following
    if (following) this.#restart()
    else this.#stop()
  }

  [Symbol.dispose](): void {
    for (const undo of this.#undo.splice(0)) undo()
    this.#stop()
  }

  #stop(): void {
    this.#generation += 1
    this.#subscription?.close()
    this.#subscription = null
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#fresh = []
    this.#reading = false
  }

  #restart(): void {
    this.#stop()
    const { client } = this.#host.connection.store.getState()
    if (client === null || !this.#host.visibility.visible) return
    const generation = this.#generation
    if (this.#following) {
      client
        .subscribe('console', this.#filter, (item) => {
          if (generation === this.#generation) this.#receive(item)
        })
        .then(
          (subscription) => {
            if (generation === this.#generation) this.#subscription = subscription
            else subscription.close()
          },
          // A connection that is lost meanwhile says so itself; every other reason the question below meets too.
          () => undefined,
        )
    }
    // Asked after the stream was opened: a line that is written between the two comes twice rather than never.
    void this.#read()
  }

  #receive(item: StreamItem<'console'>): void {
    if (item.kind === 'line') this.#fresh.push(item.line)
    else void this.#read()
    this.#timer ??= setTimeout(() => this.#show(), showEveryMs)
  }

  #show(): void {
    this.#timer = undefined
    // An answer on its way takes the lines along.
    if (this.#reading) return
    if (performance.now() - this.#readAt > recountEveryMs) void this.#read()
    else this.#append()
  }

  #append(): void {
    const { lines, matched, kept } = this.store.getState()
    const newest = lines?.at(-1)?.id ?? 0
    const fresh = this.#fresh.filter((line) => line.id > newest)
    this.#fresh = []
    if (lines === null || fresh.length === 0) return
    this.store.setState({
      lines: [...lines, ...fresh].slice(-shownLines),
      matched: matched + fresh.length,
      kept: Math.max(kept, fresh.length),
    })
  }

  async #read(): Promise<void> {
    if (this.#reading) return
    const generation = this.#generation
    this.#reading = true
    this.#readAt = performance.now()
    try {
      const { lines, matched, kept, gone } = await this.#host.call('log.query', { ...this.#filter, limit: shownLines })
      if (generation !== this.#generation) return
      this.store.setState({ lines, matched, kept, gone, error: null })
      this.#reading = false
      this.#append()
    } catch (error) {
      if (generation !== this.#generation) return
      this.#reading = false
      // A lost connection is told once, by the frame around the page.
      if (this.#host.connection.store.getState().client !== null) this.store.setState({ error })
    }
  }
}
