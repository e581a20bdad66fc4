import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assertDefined } from '../../../shared/assert.ts'
import { type Weight, weights } from '../../../shared/model/token.ts'
import { Gate } from './gate.ts'
import { type OperationEntry, OperationTable } from './operation-table.ts'
import { TokenTable, tokenFlags } from './token-table.ts'

const moduleUrl = 'file:///nowhere.ops.ts'

/** A gate with one operation per weight and one more that is medium, and nobody behind it. */
class TestGate {
  readonly table = new TokenTable(100)
  readonly operations = new OperationTable(this.table.links)
  readonly gate = new Gate(this.table, (slot) => this.operations.at(this.table.operation[slot] ?? 0))

  constructor() {
    this.operations.replace([
      ...weights.map((weight) => ({ operationType: weight, tags: { weight }, moduleUrl })),
      { operationType: 'other', tags: { weight: 'medium' as const }, moduleUrl },
    ])
  }

  operation(operationType: string): OperationEntry {
    return assertDefined(this.operations.find(operationType), 'the test declares what it uses')
  }

  accept(operationType: string): number {
    const operation = this.operation(operationType)
    const slot = this.table.add()
    this.table.operation[slot] = operation.index
    this.table.weight[slot] = operation.weightNumber
    this.gate.accept(slot)
    return slot
  }

  /** Everything that would go now, in order, when the classes in `full` have no room. */
  takeAll(full: readonly Weight[] = []): number[] {
    let blocked = 0
    for (const weight of full) blocked |= 1 << weights.indexOf(weight)
    const taken: number[] = []
    for (let weight = this.gate.nextClass(blocked); weight >= 0; weight = this.gate.nextClass(blocked)) {
      const slot = this.gate.head(weight)
      this.gate.remove(slot)
      taken.push(slot)
    }
    return taken
  }
}

describe('the gate', () => {
  it('lets tokens go in the order of their acceptance, whatever their weight', () => {
    const test = new TestGate()
    const accepted = ['light', 'heavy', 'medium', 'other', 'heavy', 'light'].map((type) => test.accept(type))
    expect(test.gate.waiting).toBe(6)
    expect(test.takeAll()).toEqual(accepted)
    expect(test.gate.waiting).toBe(0)
  })

  it('lets the other classes pass one that has no room', () => {
    const test = new TestGate()
    const [heavy, medium, light, other] = ['heavy', 'medium', 'light', 'other'].map((type) => test.accept(type))
    expect(test.takeAll(['heavy'])).toEqual([medium, light, other])
    expect(test.takeAll()).toEqual([heavy])
  })

  it('says how many wait in each class and how many are held', () => {
    const test = new TestGate()
    const first = test.accept('medium')
    test.accept('other')
    test.accept('light')
    test.gate.setHeld(first, true)
    test.gate.pauseOperation(test.operation('other'))
    expect(weights.map((weight) => test.gate.queueLength(weight))).toEqual([0, 0, 1])
    expect(test.gate.heldCount(test.operations.entries)).toBe(2)
  })

  it('counts among the waiting those that a paused operation holds', () => {
    const test = new TestGate()
    for (const type of ['medium', 'medium', 'other']) test.accept(type)
    test.gate.pauseOperation(test.operation('medium'))
    expect(test.gate.waiting).toBe(3)
  })
})

describe('a paused operation', () => {
  it('holds what waited and what comes, and lets others go', () => {
    const test = new TestGate()
    const before = test.accept('medium')
    const other = test.accept('other')
    expect(test.gate.pauseOperation(test.operation('medium'))).toBe(1)
    const after = test.accept('medium')
    expect(test.takeAll()).toEqual([other])
    expect(test.gate.resumeOperation(test.operation('medium'))).toBe(2)
    expect(test.takeAll()).toEqual([before, after])
  })

  it('gets its old place among the others back when it is resumed', () => {
    const test = new TestGate()
    const accepted = ['medium', 'other', 'medium', 'other', 'medium'].map((type) => test.accept(type))
    test.gate.pauseOperation(test.operation('medium'))
    const later = [test.accept('other'), test.accept('medium')]
    test.gate.resumeOperation(test.operation('medium'))
    expect(test.takeAll()).toEqual([...accepted, ...later])
  })
})

describe('a held token', () => {
  it('stays when its operation or everything else goes, and gets its old place back', () => {
    const test = new TestGate()
    const [first, second, third] = ['medium', 'medium', 'medium'].map((type) => test.accept(type))
    const held = assertDefined(second, 'three were accepted')
    test.gate.setHeld(held, true)
    test.gate.pauseOperation(test.operation('medium'))
    test.gate.resumeOperation(test.operation('medium'))
    expect(test.takeAll()).toEqual([first, third])
    test.gate.setHeld(held, false)
    expect(test.takeAll()).toEqual([held])
  })

  it('that is let go while its operation is paused waits with the others of it', () => {
    const test = new TestGate()
    const slot = test.accept('medium')
    test.gate.setHeld(slot, true)
    test.gate.pauseOperation(test.operation('medium'))
    test.gate.setHeld(slot, false)
    expect(test.takeAll()).toEqual([])
    test.gate.resumeOperation(test.operation('medium'))
    expect(test.takeAll()).toEqual([slot])
  })
})

it('ends every pause at once when everything is released, with the order kept', () => {
  const test = new TestGate()
  const accepted = ['medium', 'other', 'light', 'medium', 'heavy'].map((type) => test.accept(type))
  test.gate.paused = true
  test.gate.setHeld(assertDefined(accepted[0], 'five were accepted'), true)
  test.gate.pauseOperation(test.operation('other'))
  test.gate.setHeld(assertDefined(accepted[2], 'five were accepted'), true)
  test.gate.releaseAll(test.operations.entries)
  expect(test.gate.paused).toBe(false)
  expect(test.operation('other').paused).toBe(false)
  expect(test.takeAll()).toEqual(accepted)
})

it('keeps the order of acceptance through any sequence of pauses and resumes', () => {
  const types = ['heavy', 'medium', 'light', 'other']
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('accept' as const), which: fc.nat({ max: 3 }) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('pause' as const), which: fc.nat({ max: 3 }) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('resume' as const), which: fc.nat({ max: 3 }) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('hold' as const), which: fc.nat({ max: 200 }) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('release' as const), which: fc.nat({ max: 200 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('take' as const), which: fc.nat({ max: 3 }) }) },
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const test = new TestGate()
      /** Accepted and still behind the gate, in order. */
      let behind: number[] = []
      const isHeld = (slot: number) => test.table.has(slot, tokenFlags.held)
      const isFree = (slot: number) => !isHeld(slot) && !test.operations.at(test.table.operation[slot] ?? 0).paused
      for (const { kind, which } of steps) {
        const operation = test.operation(types[which % types.length] ?? 'medium')
        const slot = behind[which % Math.max(1, behind.length)]
        if (kind === 'accept') behind.push(test.accept(operation.operationType))
        else if (kind === 'pause' && !operation.paused) test.gate.pauseOperation(operation)
        else if (kind === 'resume' && operation.paused) test.gate.resumeOperation(operation)
        else if (kind === 'hold' && slot !== undefined && !isHeld(slot)) test.gate.setHeld(slot, true)
        else if (kind === 'release' && slot !== undefined && isHeld(slot)) test.gate.setHeld(slot, false)
        else if (kind === 'take') {
          const free = behind.filter(isFree)
          expect(test.takeAll()).toEqual(free)
          behind = behind.filter((each) => !free.includes(each))
        }
      }
      test.gate.releaseAll(test.operations.entries)
      expect(test.takeAll()).toEqual(behind)
    }),
    { numRuns: 500 },
  )
})
