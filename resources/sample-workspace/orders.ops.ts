import { context, taskTokenGuard } from 'guardhouse'

// Made for a lane: each tuple such as { "lane": "work", "n": 3 } becomes a token of this operation. See docs/bus.md.

export interface Order {
  readonly id: string
  /** Pieces. */
  readonly n: number
}

/** Cents for one piece, and the share taken off from ten pieces on. */
const price = 250
const rebate = 0.1

/** What the pieces of an order cost, in cents. Leaves a receipt, and an invoice on the lane `invoices`. */
export const priceOrder = taskTokenGuard({ operationType: 'orders.price', tags: { weight: 'light', receipt: true } })(
  async ({ id, n }: Order) => {
    if (!Number.isInteger(n) || n < 0) throw new RangeError(`an order has a whole number of pieces n, not ${n}`)
    const total = Math.round(n * price * (n >= 10 ? 1 - rebate : 1))
    await context().bus.out({ lane: 'invoices', yool: 'orders.invoice', order: id, total })
    return { pieces: n, total }
  },
)
