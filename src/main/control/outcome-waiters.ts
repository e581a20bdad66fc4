import { GuardhouseError } from '../../shared/errors.ts'
import type { Settlement } from '../engine/scheduler/scheduler-types.ts'
import type { Caller } from './host-api.ts'

interface Waiter {
  ended(settlement: Settlement): void
  failed(error: unknown): void
}

/**
 * Who waits for which token. A promise cannot be let go of: each wait that gives up would leave its closure behind until
 * the token ends. So each token is awaited once, and those who give up take themselves off its list.
 */
export class OutcomeWaiters {
  readonly #settlement: (id: string) => Promise<Settlement>
  readonly #waiters = new Map<string, Set<Waiter>>()

  /** `settlement` rejects or throws when there is no such token. */
  constructor(settlement: (id: string) => Promise<Settlement>) {
    this.#settlement = settlement
  }

  /**
   * Settles when the token has ended. Rejects with `timeout` after `waitMs`, with `disconnected` when the caller's connection
   * ends, with `not-found` when there is no such token. None of that touches the token.
   */
  wait(id: string, waitMs: number | undefined, caller: Pick<Caller, 'onClose'>): Promise<Settlement> {
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | null = null
      const waiter: Waiter = {
        ended: (settlement) => leave(() => resolve(settlement)),
        failed: (error) => leave(() => reject(error)),
      }
      const takeBack = caller.onClose(() => {
        waiter.failed(new GuardhouseError('disconnected', `the connection ended before token ${id} did`))
      })
      const leave = (settle: () => void) => {
        this.#waiters.get(id)?.delete(waiter)
        takeBack()
        if (timer !== null) clearTimeout(timer)
        settle()
      }
      this.#join(id, waiter)
      if (waitMs !== undefined) timer = setTimeout(() => waiter.failed(notYet(id, waitMs)), waitMs)
    })
  }

  #join(id: string, waiter: Waiter): void {
    const waiters = this.#waiters.get(id)
    if (waiters !== undefined) {
      waiters.add(waiter)
      return
    }
    this.#waiters.set(id, new Set([waiter]))
    void this.#await(id)
  }

  async #await(id: string): Promise<void> {
    try {
      const settlement = await this.#settlement(id)
      for (const waiter of this.#takeAll(id)) waiter.ended(settlement)
    } catch (error) {
      for (const waiter of this.#takeAll(id)) waiter.failed(error)
    }
  }

  #takeAll(id: string): Waiter[] {
    const waiters = [...(this.#waiters.get(id) ?? [])]
    this.#waiters.delete(id)
    return waiters
  }
}

function notYet(id: string, waitMs: number): GuardhouseError {
  return new GuardhouseError('timeout', `token ${id} has not ended within ${waitMs} ms`, {
    hint: 'The token goes on; ask again, or wait longer.',
  })
}
