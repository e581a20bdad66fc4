import { beforeEach, expect, test } from 'vitest'
import { FrozenSets, frozenSetLifetime, maxFrozenSets } from './frozen-sets.ts'

const everything = { kind: 'all' } as const
const sequences = Float64Array.of(1, 2, 3)
let now: number
let sets: FrozenSets
beforeEach(() => {
  now = 0
  sets = new FrozenSets(() => now)
})

test('a set is handed out once', () => {
  const name = sets.freeze('kill', everything, sequences)
  expect(sets.take(name, 'kill', { kind: 'all' })).toBe(sequences)
  expect(() => sets.take(name, 'kill', everything)).toThrow('used already or is too old')
})

test('a set is too old after its lifetime, and not before', () => {
  const early = sets.freeze('kill', everything, sequences)
  const late = sets.freeze('kill', everything, sequences)
  now = frozenSetLifetime - 1
  expect(sets.take(early, 'kill', everything)).toBe(sequences)
  now = frozenSetLifetime
  expect(() => sets.take(late, 'kill', everything)).toThrow('used already or is too old')
})

test('a set serves only the command and the scope it was frozen for, and stays for them', () => {
  const name = sets.freeze('drain', { kind: 'operation', operation: 'add' }, sequences)
  expect(() => sets.take(name, 'kill', { kind: 'operation', operation: 'add' })).toThrow('frozen for another command')
  expect(() => sets.take(name, 'drain', everything)).toThrow('frozen for another scope')
  expect(() => sets.take(name, 'drain', { kind: 'operation', operation: 'subtract' })).toThrow('another scope')
  expect(sets.take(name, 'drain', { kind: 'operation', operation: 'add' })).toBe(sequences)
})

test('only the newest few are kept', () => {
  const names = Array.from({ length: maxFrozenSets + 1 }, () => sets.freeze('kill', everything, sequences))
  expect(() => sets.take(names[0] ?? '', 'kill', everything)).toThrow('used already or is too old')
  for (const name of names.slice(1)) expect(sets.take(name, 'kill', everything)).toBe(sequences)
})
