import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type CommandName, type CommandScope, commandNames } from '../../../shared/contract/commands.ts'
import type { TokenState } from '../../../shared/model/token.ts'
import { TestScheduler } from './scheduler.fixture.ts'
import type { TokenHandle } from './token-handle.ts'
import { until } from './until.fixture.ts'

/**
 * Every command on a token in every place, as the specification's matrix has it: pause and resume act on what waits, drain kills
 * what waits, kill kills whatever has not ended.
 */

const places = [
  'waiting in its queue',
  'waiting, held by itself',
  'waiting, held by its operation',
  'in a mailbox',
  'executing',
  'completed',
  'failed',
  'killed',
  'timed out',
] as const
type Place = (typeof places)[number]

const ended: readonly Place[] = ['completed', 'failed', 'killed', 'timed out']
const waiting: readonly Place[] = ['waiting in its queue', 'waiting, held by itself', 'waiting, held by its operation']

/** One token in each place, on one worker whose mailbox takes two. */
interface Cast {
  readonly tokens: Readonly<Record<Place, TokenHandle>>
  /** The gate that each token passes when it runs. */
  readonly gates: Readonly<Record<Place, number>>
  /** Waits in its queue like another, and is of an operation that no command of the test names. */
  readonly bystander: TokenHandle
  readonly states: Readonly<Record<Place, TokenState>>
}

let test: TestScheduler
let nextGate = 1
/** Casts whose tokens may not all have ended. */
const casts = new Set<Cast>()

beforeAll(async () => {
  test = await TestScheduler.create({ options: { mailboxMax: 2, killGraceMs: 600_000 } })
})
afterEach(async () => {
  for (const cast of casts) await letGo(cast)
})
afterAll(async () => {
  await test[Symbol.asyncDispose]()
})

async function settled(token: TokenHandle): Promise<void> {
  await token.then(
    () => undefined,
    () => undefined,
  )
}

/** All tokens are of `hold`, except the one that its operation holds and the failed one. Their gates are open but one. */
async function arrangeCast(): Promise<Cast> {
  const gates = Object.fromEntries(places.map((place) => [place, nextGate++])) as Record<Place, number>
  for (const place of places) if (place !== 'executing') test.board.open(gates[place])
  const completed = test.submit('hold', gates.completed)
  const failed = test.submit('fail', 'as the test wants')
  await Promise.all([settled(completed), settled(failed)])
  const executing = test.submit('hold', gates.executing)
  await test.arrival(gates.executing)
  const inMailbox = test.submit('hold', gates['in a mailbox'])
  await until('the mailbox is full', () => test.stateOf(inMailbox) === 'ADMITTED')
  const timedOut = test.submitWith({ queueTimeout: 0.1 }, 'hold', gates['timed out'])
  const killed = test.submit('hold', gates.killed)
  test.commandOn('kill', killed)
  await settled(timedOut)
  const queued = test.submit('hold', gates['waiting in its queue'])
  const heldByItself = test.submit('hold', gates['waiting, held by itself'])
  test.commandOn('pause', heldByItself)
  test.command('pause', { kind: 'operation', operation: 'rest' })
  const heldByOperation = test.submit('rest', gates['waiting, held by its operation'])
  const tokens: Record<Place, TokenHandle> = {
    'waiting in its queue': queued,
    'waiting, held by itself': heldByItself,
    'waiting, held by its operation': heldByOperation,
    'in a mailbox': inMailbox,
    executing,
    completed,
    failed,
    killed,
    'timed out': timedOut,
  }
  const cast = { tokens, gates, bystander: test.submit('noop'), states: statesOf(tokens) }
  casts.add(cast)
  return cast
}

function statesOf(tokens: Readonly<Record<Place, TokenHandle>>): Record<Place, TokenState> {
  return Object.fromEntries(places.map((place) => [place, test.stateOf(tokens[place])])) as Record<Place, TokenState>
}

/** Ends every pause and lets everything run out. */
async function letGo(cast: Cast): Promise<void> {
  casts.delete(cast)
  test.command('resume', { kind: 'all' })
  for (const operation of ['rest', 'hold']) test.command('resume', { kind: 'operation', operation })
  test.commandOn('resume', ...Object.values(cast.tokens))
  test.board.open(cast.gates.executing)
  await Promise.all([...Object.values(cast.tokens), cast.bystander].map(settled))
  await until('the worker is free', () => test.stats.cores.every((core) => core.depth === 0))
}

/** How often the token's code has run; a failed one has no gate. */
function runsOf(cast: Cast, place: Place): number {
  return test.board.arrived(cast.gates[place])
}

it('arranges a token in each place', async () => {
  const cast = await arrangeCast()
  expect(cast.states).toEqual({
    'waiting in its queue': 'WAITING',
    'waiting, held by itself': 'WAITING',
    'waiting, held by its operation': 'WAITING',
    'in a mailbox': 'ADMITTED',
    executing: 'EXECUTING',
    completed: 'COMPLETED',
    failed: 'FAILED',
    killed: 'KILLED',
    'timed out': 'TIMEOUT',
  })
  await letGo(cast)
  for (const place of [...waiting, 'in a mailbox', 'executing'] as const) {
    expect(test.stateOf(cast.tokens[place])).toBe('COMPLETED')
    expect(runsOf(cast, place)).toBe(1)
  }
})

/** What a command does to a chosen token: it is changed, left alone as it is, or had ended. */
type Effect = 'holds it' | 'lets it go' | 'kills it' | 'leaves it' | 'says it has ended'

function effectOn(command: CommandName, place: Place): Effect {
  if (ended.includes(place)) return 'says it has ended'
  if (command === 'kill') return 'kills it'
  if (!waiting.includes(place)) return 'leaves it'
  if (command === 'drain') return 'kills it'
  if (command === 'pause') return place === 'waiting, held by itself' ? 'leaves it' : 'holds it'
  return place === 'waiting, held by itself' ? 'lets it go' : 'leaves it'
}

describe.each(commandNames)('%s of chosen tokens', (command) => {
  it.each(places)('on one that is %s', async (place) => {
    const cast = await arrangeCast()
    const effect = effectOn(command, place)
    const before = test.detailOf(cast.tokens[place])
    const result = test.commandOn(command, cast.tokens[place])
    const after = test.detailOf(cast.tokens[place])

    expect(result).toEqual({
      affected: ['holds it', 'lets it go', 'kills it'].includes(effect) ? 1 : 0,
      alreadyEnded: effect === 'says it has ended' ? 1 : 0,
      untouched: effect === 'leaves it' ? 1 : 0,
    })
    if (effect === 'kills it') expect(after).toMatchObject({ state: 'KILLED', error: { kind: 'killed' } })
    else if (effect === 'holds it') expect(after).toMatchObject({ state: 'WAITING', held: true })
    else if (effect === 'lets it go') expect(after).toMatchObject({ state: 'WAITING', held: false })
    else expect(after).toMatchObject({ state: before.state, held: before.held, actions: before.actions })

    // Nobody else is touched.
    for (const other of places) if (other !== place) expect(test.stateOf(cast.tokens[other])).toBe(cast.states[other])
    if (effect === 'holds it') {
      test.board.open(cast.gates.executing)
      await cast.bystander
      expect(test.stateOf(cast.tokens[place])).toBe('WAITING')
    }
    await letGo(cast)
    const killedUnrun = effect === 'kills it' && place !== 'executing'
    if (!ended.includes(place)) expect(runsOf(cast, place)).toBe(killedUnrun ? 0 : 1)
    if (!ended.includes(place) && effect !== 'kills it') expect(test.stateOf(cast.tokens[place])).toBe('COMPLETED')
    if (effect === 'kills it') expect(test.stateOf(cast.tokens[place])).toBe('KILLED')
  })
})

const ofHold: CommandScope = { kind: 'operation', operation: 'hold' }
const ofAll: CommandScope = { kind: 'all' }

describe('of an operation', () => {
  it('pause holds what waits of it, and what comes, and nothing that has left the gate', async () => {
    const cast = await arrangeCast()
    expect(test.command('pause', ofHold)).toEqual({ affected: 1, alreadyEnded: 0, untouched: 0 })
    expect(test.command('pause', ofHold)).toEqual({ affected: 0, alreadyEnded: 0, untouched: 0 })
    expect(statesOf(cast.tokens)).toEqual(cast.states)
    const gate = nextGate++
    test.board.open(gate)
    const later = test.submit('hold', gate)
    test.board.open(cast.gates.executing)
    await Promise.all([cast.bystander, cast.tokens.executing, cast.tokens['in a mailbox']])
    expect(test.stateOf(cast.tokens['waiting in its queue'])).toBe('WAITING')
    expect(test.stateOf(later)).toBe('WAITING')
    expect(test.command('resume', ofHold)).toEqual({ affected: 2, alreadyEnded: 0, untouched: 0 })
    await Promise.all([later, cast.tokens['waiting in its queue']])
  })

  it('resume of one that is not paused does nothing', async () => {
    const cast = await arrangeCast()
    expect(test.command('resume', ofHold)).toEqual({ affected: 0, alreadyEnded: 0, untouched: 0 })
    expect(test.detailOf(cast.tokens['waiting, held by itself']).held).toBe(true)
  })

  it('drain kills what waits of it and leaves the rest', async () => {
    const cast = await arrangeCast()
    expect(test.command('drain', ofHold)).toEqual({ affected: 2, alreadyEnded: 0, untouched: 2 })
    expect(statesOf(cast.tokens)).toEqual({
      ...cast.states,
      'waiting in its queue': 'KILLED',
      'waiting, held by itself': 'KILLED',
    })
    await letGo(cast)
    expect(await cast.bystander).toBeUndefined()
    for (const place of ['in a mailbox', 'executing', 'waiting, held by its operation'] as const) {
      expect(test.stateOf(cast.tokens[place])).toBe('COMPLETED')
    }
  })

  it('drain reaches what its pause holds', async () => {
    const cast = await arrangeCast()
    expect(test.command('drain', { kind: 'operation', operation: 'rest' }).affected).toBe(1)
    expect(test.stateOf(cast.tokens['waiting, held by its operation'])).toBe('KILLED')
    await letGo(cast)
    expect(runsOf(cast, 'waiting, held by its operation')).toBe(0)
  })

  it('kill kills all of it, wherever they are, and nothing else', async () => {
    const cast = await arrangeCast()
    expect(test.command('kill', ofHold)).toEqual({ affected: 4, alreadyEnded: 0, untouched: 0 })
    expect(statesOf(cast.tokens)).toEqual({
      ...cast.states,
      'waiting in its queue': 'KILLED',
      'waiting, held by itself': 'KILLED',
      'in a mailbox': 'KILLED',
      executing: 'KILLED',
    })
    await letGo(cast)
    expect(await cast.bystander).toBeUndefined()
    expect(test.stateOf(cast.tokens['waiting, held by its operation'])).toBe('COMPLETED')
  })

  it.each(commandNames)('%s of one that does not exist is refused by name', (command) => {
    expect(() => test.command(command, { kind: 'operation', operation: 'nowhere' })).toThrow(/nowhere/)
  })
})

describe('of everything', () => {
  it('pause shuts the gate: what waits and comes stays, what has left it runs', async () => {
    const cast = await arrangeCast()
    // The bystander waits too.
    expect(test.command('pause', ofAll)).toEqual({ affected: waiting.length + 1, alreadyEnded: 0, untouched: 0 })
    const later = test.submit('noop')
    test.board.open(cast.gates.executing)
    await Promise.all([cast.tokens.executing, cast.tokens['in a mailbox']])
    for (const place of waiting) expect(test.stateOf(cast.tokens[place])).toBe('WAITING')
    expect(test.stateOf(cast.bystander)).toBe('WAITING')
    expect(test.stateOf(later)).toBe('WAITING')
    test.command('resume', ofAll)
    await Promise.all([later, cast.bystander, cast.tokens['waiting in its queue']])
    expect(test.stateOf(cast.tokens['waiting, held by itself'])).toBe('WAITING')
    expect(test.stateOf(cast.tokens['waiting, held by its operation'])).toBe('WAITING')
  })

  it('drain kills what waits, held or not', async () => {
    const cast = await arrangeCast()
    expect(test.command('drain', ofAll)).toEqual({ affected: waiting.length + 1, alreadyEnded: 0, untouched: 2 })
    for (const place of waiting) expect(test.stateOf(cast.tokens[place])).toBe('KILLED')
    await letGo(cast)
    for (const place of ['in a mailbox', 'executing'] as const) {
      expect(test.stateOf(cast.tokens[place])).toBe('COMPLETED')
    }
    for (const place of waiting) expect(runsOf(cast, place)).toBe(0)
    await expect(cast.bystander.outcome).rejects.toMatchObject({ kind: 'killed' })
  })

  it('kill kills whatever has not ended', async () => {
    const cast = await arrangeCast()
    expect(test.command('kill', ofAll)).toEqual({ affected: waiting.length + 3, alreadyEnded: 0, untouched: 0 })
    for (const place of [...waiting, 'in a mailbox', 'executing'] as const) {
      expect(test.stateOf(cast.tokens[place])).toBe('KILLED')
    }
    await letGo(cast)
    for (const place of [...waiting, 'in a mailbox'] as const) expect(runsOf(cast, place)).toBe(0)
  })

  it('drain and kill leave the gate open for what comes', async () => {
    for (const command of ['drain', 'kill'] as const) {
      test.command(command, ofAll)
      expect(await test.submit('echo', command)).toBe(command)
    }
  })
})

describe('what a command leaves behind', () => {
  it('is who did it, when, and why', async () => {
    const cast = await arrangeCast()
    const token = cast.tokens['waiting in its queue']
    test.commandOn('pause', token)
    test.commandOn('resume', token)
    test.commandOn('kill', token)
    const { actions, error, now } = test.detailOf(token)
    expect(actions.map(({ actor, action, reason }) => [actor, action, reason])).toEqual([
      ['a test', 'pause', 'the test says so'],
      ['a test', 'resume', 'the test says so'],
      ['a test', 'kill', 'the test says so'],
    ])
    for (const action of actions) expect(action.at).toBeLessThanOrEqual(now)
    expect(error?.message).toBe('killed by a test: the test says so')
  })

  it.each([
    ['kill', 'admin_override'],
    ['drain', 'admin_drain'],
  ] as const)('is a standard reason when nobody gave one to %s', async (command, reason) => {
    const cast = await arrangeCast()
    const token = cast.tokens['waiting in its queue']
    test.command(command, { kind: 'tokens', ids: [test.idOf(token)] }, '')
    expect(test.detailOf(token).error?.message).toContain(reason)
  })

  it.each([
    ['pause', 'admin_pause'],
    ['resume', 'admin_resume'],
  ] as const)('is a standard reason when nobody gave one to %s', async (command, reason) => {
    const cast = await arrangeCast()
    const token = cast.tokens[command === 'pause' ? 'waiting in its queue' : 'waiting, held by itself']
    test.command(command, { kind: 'tokens', ids: [test.idOf(token)] }, '')
    expect(test.detailOf(token).actions.at(-1)).toMatchObject({ action: command, reason })
  })
})

it('takes an id that is not kept any more for a token that has ended', () => {
  const result = test.command('kill', { kind: 'tokens', ids: ['noop_1234567890_987654', 'nonsense'] })
  expect(result).toEqual({ affected: 0, alreadyEnded: 2, untouched: 0 })
})

it('counts a token that is named twice once', async () => {
  const cast = await arrangeCast()
  const id = test.idOf(cast.tokens['waiting in its queue'])
  expect(test.command('kill', { kind: 'tokens', ids: [id, id] }).affected).toBe(1)
})
