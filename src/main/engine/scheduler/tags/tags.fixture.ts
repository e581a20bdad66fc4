import type { OperationTags } from '../../../../shared/model/operation.ts'
import { runnableOperations, TestScheduler, type TestSettings } from '../scheduler.fixture.ts'
import type { RunnableOperation } from '../scheduler-types.ts'
import type { TokenHandle } from '../token-handle.ts'
import type { Ending } from './tag-operations.fixture.ts'

const moduleUrl = new URL('./tag-operations.fixture.ts', import.meta.url).href
const names = [
  'exclusive',
  'occupy',
  'conduct',
  'meet.a',
  'meet.b',
  'tree',
  'core.heavy',
  'core.light',
  'core.medium',
  'flaky',
]

/** Number on the board that counts overlaps; the same as in `tag-operations.fixture.ts`. */
const overlapsNumber = 199_999

export type TagsByOperation = Readonly<Record<string, OperationTags>>

/** The operations for tests of tags and all others, with tags where a test wants them. */
export function taggedOperations(tags: TagsByOperation): RunnableOperation[] {
  const own = names.map((operationType) => ({ operationType, tags: tags[operationType] ?? {}, moduleUrl }))
  return [...own, ...runnableOperations(tags)]
}

export function tagScheduler(tags: TagsByOperation, settings: Omit<TestSettings, 'operations'> = {}) {
  return TestScheduler.create({ ...settings, operations: taggedOperations(tags) })
}

/** How often a token entered a lane in which another ran. */
export function overlapsOf(test: TestScheduler): number {
  return test.board.runs(overlapsNumber)
}

let newest = 0

/** In the order in which the operation reads them. */
const endings: readonly Ending[] = ['return', 'fail', 'exit', 'hang']

/** A token that stands in a lane of the board; its number is its own. */
export function enterLane(test: TestScheduler, lane: number, turns = 3, ending: Ending = 'return'): TokenHandle {
  newest += 1
  return test.submit('exclusive', lane, newest, turns, ending)
}

/** The same with a key of its own for each lane. */
export function occupyLane(test: TestScheduler, lane: number, turns: number, ending: Ending): TokenHandle {
  newest += 1
  return test.submit('occupy', lane, `${newest} ${turns} ${endings.indexOf(ending)}`.padStart(300))
}

/** Waits for all of them, whatever becomes of each. */
export async function settled(tokens: readonly PromiseLike<unknown>[]): Promise<void> {
  await Promise.all(tokens.map((token) => token.then(nothing, nothing)))
}

function nothing(): undefined {
  return undefined
}
