import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import * as burst from '../../../../resources/sample-workspace/lib/burst-work.ts'
import * as chain from '../../../../resources/sample-workspace/lib/chain-steps.ts'
import * as ladder from '../../../../resources/sample-workspace/lib/cpu-ladder.ts'
import * as oracles from '../../../../resources/sample-workspace/lib/oracles.ts'
import { difference, type Tally, Verdicts } from '../../../../resources/sample-workspace/lib/verdicts.ts'
import { GuardhouseError } from '../../../shared/errors.ts'
import { weightOfOperation } from '../../../shared/model/weight.ts'
import { inThread, scanEntry, sdkEntry, type ThreadReport } from './in-thread.fixture.ts'
import { versionedUrl } from './module-version.ts'
import { Workspace } from './workspace.ts'

const folder = fileURLToPath(new URL('../../../../resources/sample-workspace/', import.meta.url))

describe('the plain functions of the sample', () => {
  const ladderRungs = [
    ['trivial', ladder.square, oracles.trivialResults],
    ['simple', ladder.sumBelow, oracles.simpleResults],
    ['string', ladder.countCharacters, oracles.stringResults],
    ['moderate', ladder.sumOfDivisibleEvens, oracles.moderateResults],
    ['prime', ladder.isPrime, oracles.primeResults],
    ['complex', ladder.sumOfProducts, oracles.complexResults],
    ['heavy', ladder.repeatedSquares, oracles.heavyResults],
    ['fibonacci', ladder.fibonacci, oracles.fibonacciResults],
  ] as const

  test.each(ladderRungs)('give the known results of %s', (_name, work, known) => {
    for (const [argument, result] of known) expect(work(argument)).toBe(result)
  })

  test('take no square of a prime for a prime', () => {
    for (const prime of [2, 3, 7, 97]) expect(ladder.isPrime(prime * prime)).toBe(false)
  })

  test('give the known results of all chains', () => {
    for (const [seed, result] of [...oracles.chainResults, ...oracles.parallelChainResults]) {
      const wrapped = chain.wrap(chain.spread(chain.fold(chain.scaleUp(seed))))
      expect(chain.label(wrapped)).toEqual({
        value: result,
        label: `chain-${result}`,
        parity: result % 2 === 0 ? 'even' : 'odd',
      })
    }
  })

  test('give the known sums of primes', () => {
    // 60, 70 and 84 as the limits: index is the limit less 60.
    expect([0, 10, 24].map(burst.primeSum)).toEqual([440, 568, 874])
    for (let index = 0; index < 25; index++) {
      const known = oracles.primeSums.findLast(([from]) => from <= burst.primeLimit(index))
      expect(burst.primeSum(index), `limit ${burst.primeLimit(index)}`).toBe(known?.[1])
    }
  })

  test('give the known chain of digests', () => {
    for (const [index, digest] of oracles.hashChainResults) expect(burst.hashChain(index)).toBe(digest)
  })

  test('draw the same text and numbers for the same place, others for another', () => {
    expect(burst.leetText(5)).toMatch(/^[B-DF-HJ-Z134]{300}$/)
    expect(burst.leetText(5)).toBe(burst.leetText(5))
    expect(burst.leetText(6)).not.toBe(burst.leetText(5))
    const sorted = burst.sortNumbers(301)
    expect(sorted).toHaveLength(401)
    expect(sorted).toEqual(burst.numbersToSort(301).sort((left, right) => left - right))
    expect(sorted[0]).toBeGreaterThanOrEqual(0)
    expect(sorted.at(-1)).toBeLessThanOrEqual(100_000)
  })
})

describe('verdicts', () => {
  test('hold while every result is right, and tell expected failures and early ends apart', () => {
    const verdicts = new Verdicts()
    verdicts.completed('a', null)
    verdicts.completed('a', null)
    verdicts.rejected('fails', new GuardhouseError('operation-failed', 'as asked'), true)
    verdicts.rejected('killed', new GuardhouseError('killed', 'by a person'), false)
    expect(verdicts.tally()).toEqual({
      settled: 4,
      expectedFailures: 1,
      endedEarly: 1,
      failures: [],
      oraclesHeld: true,
      oracles: [
        { name: 'a', held: true, detail: '2 tokens agreed' },
        { name: 'fails', held: true, detail: '1 token agreed' },
      ],
    })
  })

  test('name the first wrong result and every unexpected failure', () => {
    const verdicts = new Verdicts()
    verdicts.completed('a', difference(4949, 4950))
    verdicts.completed('a', difference(1, 4950))
    verdicts.completed('fails', 'expected a failure')
    verdicts.rejected('b', new GuardhouseError('operation-failed', 'boom'), false)
    const tally = verdicts.tally()
    expect(tally.oraclesHeld).toBe(false)
    expect(tally.oracles.map(({ detail }) => detail)).toEqual([
      'expected 4950, found 4949',
      'expected a failure',
      'failed: boom',
    ])
    expect(tally.failures).toEqual([{ name: 'b', kind: 'operation-failed', message: 'boom' }])
  })
})

describe('the sample workspace', () => {
  const moduleUrls = ['sample.ops.ts', 'visits.ops.ts'].map((module) => versionedUrl(join(folder, module), '1'))

  function runSample(extra: object): Promise<ThreadReport> {
    const settings = { scale: 0.02, pace: 'full' }
    return inThread({ moduleUrls, calls: [{ operationType: 'sample.run', arguments: [settings] }], ...extra })
  }

  function tallyOf({ results: [result] }: ThreadReport): Tally & { submitted: number } {
    if (result?.status !== 'fulfilled') throw result?.reason
    return result.value as Tally & { submitted: number }
  }

  describe('as a workspace', () => {
    let workspace: Workspace

    beforeAll(async () => {
      workspace = await Workspace.open(folder, { scanEntry, sdkEntry })
      return () => workspace.dispose()
    })

    test('loads without a failure, with a description and a position for each operation', () => {
      for (const report of workspace.reports()) {
        expect(report.error, report.module).toBeNull()
        for (const operation of report.operations) {
          expect(operation.description, operation.operationType).not.toBeNull()
          expect(operation.position?.file).toBe(join(folder, report.module))
        }
      }
    })

    test('keeps the tags that its modules declare', () => {
      const tags = Object.fromEntries(
        workspace.runnable().map((operation) => [operation.operationType, operation.tags]),
      )
      expect(tags['storm.anchor']).toEqual({ stickyAnchor: 'storm' })
      expect(tags['conductor.lead']).toEqual({ externalCalls: ['conductor.child'] })
      expect(tags['tags.flaky']).toEqual({ retry: { times: 3, delay: 100 } })
      expect(tags['tags.inProcess']).toEqual({ processPool: true, storageSpeed: 'FAST' })
    })

    test('has operations of every weight', () => {
      const weights = workspace.runnable().map(({ operationType, tags }) => weightOfOperation(operationType, tags))
      expect(new Set(weights)).toEqual(new Set(['heavy', 'medium', 'light']))
    })
  })

  test('runs everything it has, and every oracle holds', async () => {
    const report = await runSample({})
    const tally = tallyOf(report)
    expect(tally).toMatchObject({ oraclesHeld: true, failures: [], expectedFailures: 3, endedEarly: 0 })
    expect(tally.settled).toBe(tally.submitted)
    expect(tally.oracles.filter(({ held }) => !held)).toEqual([])
    const kinds = new Set(report.submitted.map((operationType) => operationType.split('.')[0]))
    expect(kinds).toEqual(new Set(['sample', 'demo', 'cpu', 'files', 'chain', 'burst', 'storm', 'conductor', 'tags']))
    expect(report.submitted.filter((operationType) => operationType.startsWith('storm.'))).toHaveLength(29)
  })

  test('does not take killed tokens for wrong results', async () => {
    const tally = tallyOf(await runSample({ killed: ['cpu.heavy', 'demo.slow', 'storm.anchor', 'conductor.child'] }))
    expect(tally).toMatchObject({ oraclesHeld: true, failures: [] })
    expect(tally.endedEarly).toBeGreaterThan(5)
    expect(tally.settled).toBe(tally.submitted)
    expect(tally.oracles.map(({ name }) => name)).not.toContain('demo.slow')
  })

  test.each([
    [{ scale: 0 }, /scale must be a number from 0\.01 to 100, not 0/],
    [{ pace: 'fast' }, /pace must be 'watch' or 'full', not "fast"/],
  ])('refuses %j', async (settings, message) => {
    const { results } = await inThread({ moduleUrls, calls: [{ operationType: 'sample.run', arguments: [settings] }] })
    expect(results[0]).toMatchObject({ status: 'rejected', reason: { message: expect.stringMatching(message) } })
  })

  test('has operations to steer, and methods', async () => {
    const calls = [
      { operationType: 'demo.failing' },
      { operationType: 'demo.slow', arguments: [0.2] },
      { operationType: 'demo.stubborn', arguments: [0.1] },
      { operationType: 'demo.logging', arguments: [4] },
      { operationType: 'visits.greet', arguments: ['Ada'] },
      { operationType: 'visits.count' },
      { operationType: 'visits.count' },
    ]
    const { results, lines, progress } = await inThread({ moduleUrls, calls })
    const [failing, ...others] = results
    expect(failing).toMatchObject({ status: 'rejected', reason: { name: 'RangeError', cause: expect.any(TypeError) } })
    const values = others.map((result) => (result.status === 'fulfilled' ? result.value : result.reason))
    expect(values).toEqual(['waited 0.2 s', 'nobody disturbed me', 4, 'Welcome, Ada', 1, 2])
    expect(lines).toHaveLength(4)
    expect(progress).toEqual([0.5, 1])
  })

  test('has an operation that ends its thread', async () => {
    const worker = inThread({ moduleUrls, calls: [{ operationType: 'demo.killThread' }] })
    await expect(worker).rejects.toThrow('the thread ended with exit code 1')
  })
})
