import { taskTokenGuard } from 'guardhouse'
import {
  countCharacters,
  fibonacci as fibonacciNumber,
  isPrime,
  repeatedSquares,
  square,
  sumBelow,
  sumOfDivisibleEvens,
  sumOfProducts,
} from './lib/cpu-ladder.ts'

// The ladder from almost no work to much: light operations, then medium, then heavy ones.

/** The square of a number. */
export const trivial = taskTokenGuard({ operationType: 'cpu.trivial', tags: { weight: 'light' } })((value: number) =>
  square(value),
)

/** The sum of all whole numbers below `count`. */
export const simple = taskTokenGuard({ operationType: 'cpu.simple', tags: { weight: 'light' } })((count: number) =>
  sumBelow(count),
)

/** Builds a text around `count` letters and counts its characters. */
export const string = taskTokenGuard({ operationType: 'cpu.string', tags: { weight: 'light' } })((count: number) =>
  countCharacters(count),
)

/** The sum of the even numbers below 2 × `size` that three divides. */
export const moderate = taskTokenGuard({ operationType: 'cpu.moderate', tags: { weight: 'medium' } })((size: number) =>
  sumOfDivisibleEvens(size),
)

/** Whether a number is prime, by trial division. */
export const prime = taskTokenGuard({ operationType: 'cpu.prime', tags: { weight: 'medium' } })((value: number) =>
  isPrime(value),
)

/** The sum of row × column over a square of numbers. */
export const complex = taskTokenGuard({ operationType: 'cpu.complex', tags: { weight: 'medium' } })((side: number) =>
  sumOfProducts(side),
)

/** Adds the squares below 100, `iterations` times. Without a weight tag: its name says that it is heavy. */
export const heavy = taskTokenGuard({ operationType: 'cpu.heavy' })((iterations: number) => repeatedSquares(iterations))

/** A Fibonacci number, as a bigint of any size. */
export const fibonacci = taskTokenGuard({ operationType: 'cpu.fibonacci', tags: { weight: 'heavy' } })(
  (position: number) => fibonacciNumber(position),
)
