import type { TaskToken } from 'guardhouse'
import * as burst from '../burst.ops.ts'
import * as chain from '../chain.ops.ts'
import { lead } from '../conductor.ops.ts'
import * as cpu from '../cpu.ops.ts'
import * as demo from '../demo.ops.ts'
import * as files from '../files.ops.ts'
import { storm } from '../storm.ops.ts'
import * as tags from '../tags.ops.ts'
import { numbersToSort, primeLimit } from './burst-work.ts'
import { label } from './chain-steps.ts'
import * as oracles from './oracles.ts'
import { difference } from './verdicts.ts'

/** One token to come, and how to judge it. */
export interface PlannedCall {
  /** What is checked; calls of one name are judged together. */
  readonly name: string
  readonly submit: () => TaskToken<unknown>
  /** What is wrong with the result, null when nothing is. */
  readonly judge: (result: unknown) => string | null
  readonly expectsFailure: boolean
}

/** Calls that belong together, and how long a watcher sees them come in, milliseconds. */
export interface Wave {
  readonly name: string
  readonly spreadOver: number
  readonly calls: readonly PlannedCall[]
}

/** Everything the sample runs. `scale` multiplies the ladders and the bursts; the rest shows each thing once. */
export function samplePlan(scale: number): readonly Wave[] {
  return [
    { name: 'demonstrations', spreadOver: 100, calls: demonstrations() },
    ladder(1, scale),
    { name: 'files', spreadOver: 800, calls: fileCalls() },
    { name: 'chains', spreadOver: 600, calls: chains() },
    burstOf(64 * scale),
    burstOf(128 * scale),
    burstOf(256 * scale),
    { name: 'cache storm', spreadOver: 100, calls: [cacheStorm()] },
    ladder(2, scale),
    { name: 'conductor', spreadOver: 300, calls: [1, 2, 3].map(conductor) },
    { name: 'retries and processes', spreadOver: 300, calls: tagged() },
    burstOf(512 * scale),
    burstOf(1_024 * scale),
    burstOf(2_048 * scale),
    ladder(3, scale),
  ]
}

function ladder(round: number, scale: number): Wave {
  const calls = [
    ...cycle(cpu.trivial, oracles.trivialResults, 20 * scale),
    ...cycle(cpu.simple, oracles.simpleResults, 20 * scale),
    ...cycle(cpu.string, oracles.stringResults, 15 * scale),
    ...cycle(cpu.moderate, oracles.moderateResults, 15 * scale),
    ...cycle(cpu.prime, oracles.primeResults, 15 * scale),
    ...cycle(cpu.complex, oracles.complexResults, 10 * scale),
    ...cycle(cpu.heavy, oracles.heavyResults, 10 * scale),
    ...cycle(cpu.fibonacci, oracles.fibonacciResults, 8 * scale),
  ]
  return { name: `CPU ladder, round ${round}`, spreadOver: 1_200, calls }
}

interface Operation<Argument, Result> {
  (argument: Argument): TaskToken<Result>
  readonly operationType: string
}

/** `count` calls that take the known results in turn. */
function cycle<Argument, Result>(
  operation: Operation<Argument, Result>,
  known: oracles.Known<Argument, Result>,
  count: number,
): readonly PlannedCall[] {
  const calls = known.map(([argument, result]) =>
    exactly(`${operation.operationType} of ${String(argument)}`, () => operation(argument), result),
  )
  return repeated(count, (index) => calls.slice(index % calls.length, (index % calls.length) + 1)).flat()
}

function fileCalls(): readonly PlannedCall[] {
  return [
    ...repeated(10, () => exactly('files.json of 200', () => files.json(200), { records: 200, sum: 19_900 })),
    ...repeated(10, () => exactly('files.appendLog of 20', () => files.appendLog(20), 20)),
    ...repeated(6, () => exactly('files.blob of 8 KiB', () => files.blob(8_192), oracles.blobDigest)),
  ]
}

function chains(): readonly PlannedCall[] {
  const seeds = oracles.chainResults.map(([seed]) => seed)
  const results = oracles.chainResults.map(([, value]) => label(value))
  return [
    exactly('chain.sequence of 8 seeds', () => chain.runChains(seeds), results),
    ...oracles.parallelChainResults.map(([seed, value]) =>
      exactly(`chain.run of ${seed}`, () => chain.runChain(seed), label(value)),
    ),
  ]
}

function cacheStorm(): PlannedCall {
  return exactly('storm.run', () => storm(), { tokens: 28, mismatches: 0, misses: 0, overlaps: 0 })
}

function conductor(): PlannedCall {
  return exactly('conductor.lead of 4 children', () => lead(4), { brought: [0, 1, 2, 3], cores: 1 })
}

function tagged(): readonly PlannedCall[] {
  return [
    ...repeated(3, () => exactly('tags.flaky', () => tags.flaky(), 3)),
    ...oracles.simpleResults.map(([n, sum]) => exactly(`tags.inProcess of ${n}`, () => tags.inProcess(n), sum)),
  ]
}

function burstOf(size: number): Wave {
  const kinds = [primeSum, leetText, sortNumbers, hashChain]
  const calls = repeated(size, (index) => (kinds[index % kinds.length] ?? primeSum)(index))
  return { name: `burst of ${calls.length}`, spreadOver: 800, calls }
}

function primeSum(index: number): PlannedCall {
  const limit = primeLimit(index)
  const expected = oracles.primeSums.findLast(([from]) => from <= limit)?.[1]
  return exactly('burst.primeSum', () => burst.primeSum(index), expected)
}

function leetText(index: number): PlannedCall {
  const judge = (text: unknown) => {
    const fits = typeof text === 'string' && /^[B-DF-HJ-Z134]{300}$/.test(text)
    return fits ? null : `expected 300 capitals without A, E and I, found ${String(text)}`
  }
  return planned('burst.leetText', () => burst.leetText(index), judge)
}

function sortNumbers(index: number): PlannedCall {
  const judge = (sorted: unknown) => {
    const numbers = sorted as readonly number[]
    const ordered = numbers.every((number, at) => at === 0 || (numbers[at - 1] ?? 0) <= number)
    return ordered ? difference(sum(numbers), sum(numbersToSort(index))) : 'expected ascending numbers'
  }
  return planned('burst.sortNumbers', () => burst.sortNumbers(index), judge)
}

function hashChain(index: number): PlannedCall {
  const known = oracles.hashChainResults.find(([place]) => place === index)?.[1]
  const judge = (digest: unknown) => {
    if (known !== undefined) return difference(digest, known)
    return /^[0-9a-f]{64}$/.test(String(digest)) ? null : `expected a SHA-256, found ${String(digest)}`
  }
  return planned('burst.hashChain', () => burst.hashChain(index), judge)
}

function demonstrations(): readonly PlannedCall[] {
  return [
    ...repeated(2, () => exactly('demo.slow', () => demo.slow(4), 'waited 4 s')),
    ...repeated(2, () => exactly('demo.logging', () => demo.logging(8), 8)),
    ...repeated(3, () =>
      planned(
        'demo.failing',
        () => demo.failing(),
        () => 'expected a failure',
        true,
      ),
    ),
  ]
}

function exactly(name: string, submit: () => TaskToken<unknown>, expected: unknown): PlannedCall {
  return planned(name, submit, (found) => difference(found, expected))
}

function planned(
  name: string,
  submit: () => TaskToken<unknown>,
  judge: (result: unknown) => string | null,
  expectsFailure = false,
): PlannedCall {
  return { name, submit, judge, expectsFailure }
}

/** At least one. */
function repeated<Item>(count: number, make: (index: number) => Item): readonly Item[] {
  return Array.from({ length: Math.max(1, Math.round(count)) }, (_, index) => make(index))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
