import { taskTokenGuard } from 'guardhouse'
import * as work from './lib/burst-work.ts'

// Many small tokens at once. `index` is the token's place in its wave and decides how much work it is.

/** Sum of the primes below 60 + (index mod 25). */
export const primeSum = taskTokenGuard({ operationType: 'burst.primeSum', tags: { weight: 'light' } })(work.primeSum)

/** 300 letters, reversed, in capitals, some of them written as digits. */
export const leetText = taskTokenGuard({ operationType: 'burst.leetText', tags: { weight: 'light' } })(work.leetText)

/** Sorts 400 to 699 numbers. */
export const sortNumbers = taskTokenGuard({ operationType: 'burst.sortNumbers', tags: { weight: 'medium' } })(
  work.sortNumbers,
)

/** 120 to 199 rounds of SHA-256. */
export const hashChain = taskTokenGuard({ operationType: 'burst.hashChain', tags: { weight: 'heavy' } })(work.hashChain)
