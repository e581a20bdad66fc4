import type { Tuple } from '../../../shared/model/bus.ts'

/** Hears what passes through the space. Called synchronously: it must be quick. */
export interface SpaceObserver {
  /** A tuple is about to be put; it may be handed to a waiter before `put` tells that it is kept. */
  offered(tuple: Tuple, by: string): void
  put(tuple: Tuple, by: string): void
  /** `waitedMs` 0: it was there already. Not `lent`: for good. */
  taken(tuple: Tuple, by: string, waitedMs: number, lent: boolean): void
  returned(tuple: Tuple): void
  acknowledged?(tuple: Tuple): void
  discarded?(lane: string): void
}

/** Several that hear what passes through one space, in this order. */
export class SpaceObservers implements SpaceObserver {
  readonly #observers: readonly SpaceObserver[]

  constructor(...observers: readonly SpaceObserver[]) {
    this.#observers = observers
  }

  offered(tuple: Tuple, by: string): void {
    for (const observer of this.#observers) observer.offered(tuple, by)
  }

  put(tuple: Tuple, by: string): void {
    for (const observer of this.#observers) observer.put(tuple, by)
  }

  taken(tuple: Tuple, by: string, waitedMs: number, lent: boolean): void {
    for (const observer of this.#observers) observer.taken(tuple, by, waitedMs, lent)
  }

  returned(tuple: Tuple): void {
    for (const observer of this.#observers) observer.returned(tuple)
  }

  acknowledged(tuple: Tuple): void {
    for (const observer of this.#observers) observer.acknowledged?.(tuple)
  }

  discarded(lane: string): void {
    for (const observer of this.#observers) observer.discarded?.(lane)
  }
}
