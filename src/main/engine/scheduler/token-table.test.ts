import { describe, expect, it } from 'vitest'
import { assertDefined } from '../../../shared/assert.ts'
import { legalTransitions, tokenStates } from '../../../shared/model/token.ts'
import { stateNumbers, TokenTable, tokenFlags } from './token-table.ts'

const historyMax = 100

/** Ends the token as nobody ever does in earnest: the table looks at the state alone. */
function finish(table: TokenTable, slot: number): void {
  table.state[slot] = stateNumbers.COMPLETED
  table.finish(slot)
}

describe('a step from one state to another', () => {
  it.each(tokenStates)('from %s is taken when the model allows it, and is a fault of ours otherwise', (from) => {
    for (const to of tokenStates) {
      const table = new TokenTable(historyMax)
      const slot = table.add()
      table.state[slot] = stateNumbers[from]
      const step = () => table.move(slot, stateNumbers[to])
      if (legalTransitions[from].includes(to)) {
        step()
        expect(table.stateOf(slot)).toBe(to)
      } else {
        expect(step).toThrow(`a token may not go from ${from} to ${to}`)
        expect(table.stateOf(slot)).toBe(from)
      }
    }
  })
})

describe('the table of tokens', () => {
  it('numbers tokens from 1 and finds them by that number', () => {
    const table = new TokenTable(historyMax)
    const slots = Array.from({ length: 5000 }, () => table.add())
    expect(table.created).toBe(5000)
    for (const [index, slot] of slots.entries()) {
      expect(table.sequence[slot]).toBe(index + 1)
      expect(table.find(index + 1)).toBe(slot)
    }
    expect(new Set(slots).size).toBe(5000)
    expect([table.find(0), table.find(5001), table.live, table.kept]).toEqual([-1, -1, 5000, 5000])
  })

  it('gives a new token nothing of the one that had its place before', () => {
    const table = new TokenTable(historyMax)
    for (let count = 0; count <= historyMax; count++) {
      const slot = table.add()
      table.setFlag(slot, tokenFlags.held, true)
      table.setFlag(slot, tokenFlags.stolen, true)
      for (const column of [table.worker, table.admittedAt, table.startedAt, table.endedAt]) column[slot] = 7
      table.values[slot] = ['old']
      table.results[slot] = 'old'
      table.errors[slot] = { kind: 'internal', message: 'old' }
      finish(table, slot)
    }
    expect({ kept: table.kept, evicted: table.evicted, live: table.live }).toEqual({
      kept: historyMax,
      evicted: 1,
      live: 0,
    })
    expect(table.find(1)).toBe(-1)
    const slot = table.add()
    expect(table.stateOf(slot)).toBe('CREATED')
    expect(table.flags[slot]).toBe(0)
    expect([table.worker[slot], table.admittedAt[slot], table.startedAt[slot], table.endedAt[slot]]).toEqual([
      -1, 0, 0, 0,
    ])
    expect([table.values[slot], table.results[slot], table.errors[slot]]).toEqual([null, undefined, null])
  })

  it('keeps the newest of its history and stays as small as its live tokens allow', () => {
    const table = new TokenTable(historyMax)
    const patient = table.add()
    for (let count = 0; count < 10_000; count++) finish(table, table.add())
    expect(table.kept).toBe(historyMax + 1)
    expect(table.capacity).toBe(1024)
    expect(table.find(1)).toBe(patient)
    const kept = [...table.index.newestFirst(table.created)].map((slot) => table.sequence[slot])
    expect(kept).toEqual([...Array.from({ length: historyMax }, (_, index) => 10_001 - index), 1])
  })

  it('changes its version with every step', () => {
    const table = new TokenTable(historyMax)
    const versions = [table.version]
    const slot = table.add()
    versions.push(table.version)
    table.move(slot, stateNumbers.WAITING)
    versions.push(table.version)
    expect(new Set(versions).size).toBe(versions.length)
  })

  it('sets and clears one flag without touching the others', () => {
    const table = new TokenTable(historyMax)
    const slot = table.add()
    const flags = Object.values(tokenFlags)
    for (const flag of flags) table.setFlag(slot, flag, true)
    const first = assertDefined(flags[0], 'there are flags')
    table.setFlag(slot, first, false)
    expect(flags.map((flag) => table.has(slot, flag))).toEqual(flags.map((flag) => flag !== first))
  })
})
