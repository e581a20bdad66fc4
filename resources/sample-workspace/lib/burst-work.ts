import { createHash } from 'node:crypto'

/** Four small pieces of work that a burst deals out in turn; `index` is the token's place in its wave. */

/** Sum of the primes below 60 + (index mod 25). */
export function primeSum(index: number): number {
  let sum = 0
  for (let value = 2; value < primeLimit(index); value++) if (!hasDivisor(value)) sum += value
  return sum
}

export function primeLimit(index: number): number {
  return 60 + (index % 25)
}

/** 300 letters drawn from seed 31 × index, reversed, in capitals, with A, E and I written as 4, 3 and 1. */
export function leetText(index: number): string {
  const next = randomNumbers(31 * index)
  const letters = Array.from({ length: 300 }, () => String.fromCharCode(97 + Math.floor(next() * 26)))
  const digits: Readonly<Record<string, string>> = { A: '4', E: '3', I: '1' }
  return letters
    .reverse()
    .map((letter) => letter.toUpperCase())
    .map((letter) => digits[letter] ?? letter)
    .join('')
}

/** Sorts the numbers that `numbersToSort` draws. */
export function sortNumbers(index: number): number[] {
  return numbersToSort(index).sort((left, right) => left - right)
}

/** 400 + (index mod 300) whole numbers from 0 to 100,000. */
export function numbersToSort(index: number): number[] {
  const next = randomNumbers(index)
  return Array.from({ length: 400 + (index % 300) }, () => Math.floor(next() * 100_001))
}

/** SHA-256 of the text `wave_seed_<index>`, then of that digest, 120 + (index mod 80) times in all; hexadecimal. */
export function hashChain(index: number): string {
  let digest = Buffer.from(`wave_seed_${index}`)
  for (let round = 0; round < 120 + (index % 80); round++) digest = createHash('sha256').update(digest).digest()
  return digest.toString('hex')
}

function hasDivisor(value: number): boolean {
  for (let divisor = 2; divisor * divisor <= value; divisor++) if (value % divisor === 0) return true
  return false
}

/** The generator mulberry32 (Tommy Ettinger, public domain): the same numbers in [0, 1) for the same seed, everywhere. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
