import { describe, expect, it } from 'vitest'
import { AdaptiveLimit } from './adaptive-limit.ts'
import { backoffMs } from './backoff.ts'
import { BatchTree } from './batch-tree.ts'
import { CircuitBreaker } from './circuit-breaker.ts'
import { Hamt, hamtHash, hamtSlot } from './hamt.ts'
import { Hookwalls } from './hookwall.ts'

describe('the trie of names', () => {
  it.each([
    ['agent.dev.python', 0x23f202e9, [17, 31, 4, 0, 23, 9]],
    ['agent.lint.ruff', 0x097c2271, [4, 23, 24, 8, 19, 17]],
    ['ide.cursor.send', 0x047e740b, [2, 7, 28, 29, 0, 11]],
    ['ünïcode.yool', 0x1b7b64f7, [13, 23, 22, 25, 7, 23]],
  ])('has %s where the original has it', (name, hash, slots) => {
    expect(hamtHash(name)).toBe(hash)
    expect(slots.map((_, level) => hamtSlot(hash, level))).toEqual(slots)
  })

  it('finds names whose hashes collide, and holds each once', () => {
    const names = ['agent.bench.n5067', 'agent.bench.n32335', 'agent.bench.n36843', 'agent.bench.n43509']
    expect(hamtHash('agent.bench.n5067')).toBe(hamtHash('agent.bench.n32335'))
    let trie = new Hamt<number>()
    for (const round of [0, 10]) for (const [n, name] of names.entries()) trie = trie.with(name, n + round)
    expect(names.map((name) => trie.get(name))).toEqual([10, 11, 12, 13])
    expect(trie.size).toBe(4)
    expect([...trie.entries()].length).toBe(4)
  })

  it('finds every one of twenty thousand names, and leaves older maps as they were', () => {
    let trie = new Hamt<number>()
    const empty = trie
    for (let n = 0; n < 20_000; n++) trie = trie.with(`agent.bench.n${n}`, n)
    for (let n = 0; n < 20_000; n++) expect(trie.get(`agent.bench.n${n}`)).toBe(n)
    expect([trie.size, trie.get('agent.bench'), empty.size, empty.get('agent.bench.n1')]).toEqual([
      20_000,
      undefined,
      0,
      undefined,
    ])
  })
})

describe('a batch of agents', () => {
  it('is counted exactly, and each leaf has an address', () => {
    const tree = new BatchTree(4, 32)
    expect(tree.leaves).toBe(1_048_576n)
    expect(new BatchTree(20, 32).leaves).toBe(1267650600228229401496703205376n)
    // A float cannot hold it, as it can every power of two.
    expect(new BatchTree(40, 3).leaves).toBe(12157665459056928801n)
    expect(tree.addressOf(1_048_575n)).toEqual([31, 31, 31, 31])
    expect(tree.leafAt(tree.addressOf(123_456n))).toBe(123_456n)
    expect(() => tree.addressOf(1_048_576n)).toThrow('no leaf')
    expect(() => new BatchTree(0, 32)).toThrow('whole numbers from 1')
  })
})

describe('a wall', () => {
  it('lets through only what was hooked to it', () => {
    const walls = new Hookwalls()
    walls.hook('ci', 'fs.read')
    walls.enforce('ci', 'fs.read')
    expect(() => walls.enforce('ci', 'fs.write')).toThrow('does not let fs.write through')
    expect(() => walls.enforce('absent', 'fs.read')).toThrow()
    expect([walls.unhook('ci', 'fs.read'), walls.unhook('ci', 'fs.read'), walls.check('ci', 'fs.read')]).toEqual([
      true,
      false,
      false,
    ])
  })
})

it('walls hold no more than a hundred thousand capabilities together', () => {
  const walls = new Hookwalls()
  for (let n = 0; n < 100_000; n++) walls.hook(`wall ${n % 10}`, `a.b.${n}`)
  walls.hook('wall 0', 'a.b.0')
  expect(() => walls.hook('one more', 'a.b.c')).toThrow('100000 capabilities are hooked already')
  expect(walls.unhook('wall 0', 'a.b.0')).toBe(true)
  walls.hook('one more', 'a.b.c')
})

describe('a circuit breaker', () => {
  it('lets one call probe after the cool-down, and closes or opens by it alone', () => {
    let now = 0
    const breaker = new CircuitBreaker({ threshold: 2, cooldownMs: 100, now: () => now })
    breaker.failed()
    breaker.neither()
    breaker.failed()
    expect([breaker.state, breaker.tryBegin()]).toEqual(['open', false])
    expect(() => breaker.begin('llm')).toThrow('0.10 s remain')
    now = 100
    expect([breaker.tryBegin(), breaker.tryBegin(), breaker.state]).toEqual([true, false, 'half-open'])
    breaker.failed()
    expect(breaker.state).toBe('open')
    now = 200
    expect(breaker.tryBegin()).toBe(true)
    breaker.succeeded()
    expect([breaker.state, breaker.tryBegin(), breaker.tryBegin()]).toEqual(['closed', true, true])
  })
})

describe('backoff', () => {
  it('doubles with jitter and never exceeds its maximum', () => {
    const at = (attempt: number, random: number) =>
      backoffMs(attempt, { baseMs: 100, maxMs: 5000, random: () => random })
    expect([0, 1, 2, 5].map((attempt) => [at(attempt, 0), at(attempt, 1)])).toEqual([
      [75, 125],
      [150, 250],
      [300, 500],
      [2400, 4000],
    ])
    expect(at(60, 1)).toBe(5000)
  })
})

describe('an adaptive limit', () => {
  it('grows while there is work, and halves when runs fail or take twice as long', () => {
    const limit = new AdaptiveLimit({ initial: 4, max: 8 })
    for (let n = 0; n < 200; n++) limit.ended(10, true, true)
    expect(limit.limit).toBe(8)
    for (let n = 0; n < 20; n++) limit.ended(50, true, true)
    expect(limit.limit).toBeLessThan(8)
    const failing = new AdaptiveLimit({ initial: 8, max: 8 })
    for (let n = 0; n < 8; n++) failing.ended(10, false, true)
    expect(failing.limit).toBe(4)
    const idle = new AdaptiveLimit({ initial: 4, max: 8 })
    for (let n = 0; n < 100; n++) idle.ended(10, true, false)
    expect(idle.limit).toBe(4)
  })

  it('still tells how long runs took once slow ones have halved it', () => {
    const limit = new AdaptiveLimit({ initial: 4, max: 8 })
    for (const ms of [10, 90, 100, 100, 100]) limit.ended(ms, true, true)
    expect([limit.limit, limit.latencyMs]).toEqual([2, 80])
  })
})
