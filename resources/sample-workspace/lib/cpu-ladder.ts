/** Work of growing cost, each with a result that a closed formula predicts (see oracles.ts). */

export function square(value: number): number {
  return value * value
}

/** 0 + 1 + … + (count - 1), by adding. */
export function sumBelow(count: number): number {
  let sum = 0
  for (let value = 0; value < count; value++) sum += value
  return sum
}

/** Builds `-a-a-…-a-` with `count` letters and counts its characters one by one. */
export function countCharacters(count: number): number {
  const text = `${'-a'.repeat(count)}-`
  let characters = 0
  for (const _character of text) characters += 1
  return characters
}

/** Sum of the even numbers below 2 × `size` that three divides. */
export function sumOfDivisibleEvens(size: number): number {
  let sum = 0
  for (let index = 0; index < size; index++) if ((2 * index) % 3 === 0) sum += 2 * index
  return sum
}

/** By trial division. */
export function isPrime(value: number): boolean {
  if (value < 2) return false
  for (let divisor = 2; divisor * divisor <= value; divisor++) if (value % divisor === 0) return false
  return true
}

/** Sum of row × column over a square of numbers. */
export function sumOfProducts(side: number): number {
  let sum = 0
  for (let row = 0; row < side; row++) for (let column = 0; column < side; column++) sum += row * column
  return sum
}

/** `iterations` times the sum of the squares below 100. */
export function repeatedSquares(iterations: number): number {
  let sum = 0
  for (let iteration = 0; iteration < iterations; iteration++) {
    for (let value = 0; value < 100; value++) sum += value * value
  }
  return sum
}

/** The Fibonacci number at `position`: 0, 1, 1, 2, 3, 5 … */
export function fibonacci(position: number): bigint {
  let [current, next] = [0n, 1n]
  for (let step = 0; step < position; step++) [current, next] = [next, current + next]
  return current
}
