import { context, RetryableError, type TaskToken, taskTokenGuard } from 'guardhouse'
import { Board } from '../board.fixture.ts'

/** Operations for tests of tags. What tags they have the test says, not their declaration. */

const board = Board.inherited()

/** Number on the board that counts overlaps. */
const overlaps = 199_999

const endings = ['return', 'fail', 'exit', 'hang'] as const
export type Ending = (typeof endings)[number]

/**
 * Stands in a lane for some turns of the event loop and looks all the time whether another has entered it. One that was killed and
 * runs on notices too; one whose thread is gone cannot, and does no harm.
 */
async function stand(lane: number, own: number, turns: number, ending: Ending): Promise<number | string> {
  board.swap(lane, own)
  for (let turn = 0; turn < turns || ending === 'hang'; turn++) {
    await new Promise((resolve) => setImmediate(resolve))
    if (board.runs(lane) !== own) return overlap(lane, own)
  }
  if (ending === 'exit') process.exit(3)
  if (board.swapIf(lane, own, 0) !== own) return overlap(lane, own)
  if (ending === 'fail') throw new RangeError(`lane ${lane} fails as asked`)
  return own
}

const exclusive = taskTokenGuard({ operationType: 'exclusive' })(stand)

/** The same with a key that tells only the lane: of a long text the policy FAST takes the beginning and the length. */
taskTokenGuard({ operationType: 'occupy' })((lane: number, details: string) => {
  const [own = 0, turns = 0, ending = 0] = details.trim().split(' ').map(Number)
  return stand(lane, own, turns, endings[ending] ?? 'return')
})

function overlap(lane: number, own: number): string {
  board.markRun(overlaps)
  return `another entered lane ${lane} beside ${own}`
}

type Call = (...values: unknown[]) => TaskToken<unknown>
const calls = new Map<string, Call>([['exclusive', exclusive as Call]])

/** A lead: calls each of its list and awaits all of them. */
const lead = taskTokenGuard({ operationType: 'conduct' })(
  async (children: readonly (readonly [string, ...unknown[]])[]) =>
    await Promise.all(children.map(([name, ...values]) => callOf(name)(...values))),
)
calls.set('conduct', lead as Call)

for (const name of ['meet.a', 'meet.b']) {
  /** Stands at a gate first, so that leads can be made to hold their lanes at the same time. */
  calls.set(
    name,
    taskTokenGuard({ operationType: name })(
      async (gate: number, children: readonly (readonly [string, ...unknown[]])[]) => {
        await board.enterAsync(gate)
        return await Promise.all(children.map(([child, ...values]) => callOf(child)(...values)))
      },
    ) as Call,
  )
}

/** A lead of leads: `width` children each, `depth` levels below; gives the number of tokens in its tree. */
const tree = taskTokenGuard({ operationType: 'tree' })(async (depth: number, width: number): Promise<number> => {
  if (depth === 0) return 1
  const below = await Promise.all(Array.from({ length: width }, () => callOf('tree')(depth - 1, width)))
  return below.reduce<number>((sum, count) => sum + Number(count), 1)
})
calls.set('tree', tree as Call)

function callOf(name: string): Call {
  const call = calls.get(name)
  if (call === undefined) throw new Error(`no operation for tests of tags is called ${name}`)
  return call
}

for (const weight of ['heavy', 'light', 'medium'] as const) {
  calls.set(
    `core.${weight}`,
    taskTokenGuard({ operationType: `core.${weight}` })(async (gate: number) => {
      await board.enterAsync(gate)
      return context().token
    }) as Call,
  )
}

/** Fails until the attempt of this number. */
taskTokenGuard({ operationType: 'flaky' })((succeedsAt: number, how: 'plain' | 'retryable' | 'exit') => {
  const { attempt } = context()
  if (attempt >= succeedsAt) return attempt
  if (how === 'exit') process.exit(4)
  const message = `attempt ${attempt} fails`
  throw how === 'retryable' ? new RetryableError(message) : new RangeError(message)
})
