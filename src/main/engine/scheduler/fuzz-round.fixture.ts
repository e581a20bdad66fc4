import { assert } from '../../../shared/assert.ts'
import { type CommandScope, commandNames } from '../../../shared/contract/commands.ts'
import type { TestScheduler } from './scheduler.fixture.ts'
import type { SeededRandom } from './seeded-random.fixture.ts'
import type { TokenHandle } from './token-handle.ts'
import { until } from './until.fixture.ts'

/** Numbers and gates that one round may use; the next round uses others. */
const numbersPerRound = 60
const gatesPerRound = 6
/** More would not all be in the history when their books are checked. */
const tokensPerRound = 60

/** How often each kind of token is submitted, against the others. */
const tokenOdds = {
  count: 30,
  'count.heavy': 12,
  'count.light': 12,
  'count.async': 12,
  lead: 6,
  'lead.slow': 6,
  nest: 2,
  fail: 4,
  rest: 5,
  hold: 4,
  obey: 2,
  listen: 2,
  hang: 0.12,
  spin: 0.08,
  exit: 0.25,
  'throw.later': 0.05,
} as const
type TokenKind = keyof typeof tokenOdds

/** How often each kind of step is taken. */
const stepOdds = {
  submit: 40,
  pauseOrResume: 16,
  kill: 8,
  drain: 3,
  frozen: 3,
  pattern: 4,
  openGate: 5,
  turn: 20,
  progress: 6,
  reload: 0.1,
} as const

interface FuzzToken {
  readonly handle: TokenHandle
  readonly id: string
  readonly kind: TokenKind
  /** Numbers that its run, or those of its children, mark on the board. */
  readonly numbers: readonly number[]
}

/** One round: random steps at random moments, then everything let go, then the books are checked. */
export class FuzzRound {
  readonly #test: TestScheduler
  readonly #random: SeededRandom
  readonly #round: number
  readonly #mostRuns: number
  readonly #tokens: FuzzToken[] = []
  #nextNumber: number

  /** @param mostRuns how often a token may be run, because of its tag `retry`. */
  constructor(test: TestScheduler, random: SeededRandom, round: number, mostRuns: number) {
    this.#test = test
    this.#random = random
    this.#round = round
    this.#mostRuns = mostRuns
    this.#nextNumber = round * numbersPerRound
  }

  /** Rejects when a token does not end, when one ran twice, or when the counts do not add up. */
  async run(): Promise<void> {
    for (let steps = this.#random.between(5, 45); steps > 0; steps--) await this.#step()
    await this.#letGo()
    await until('every token is settled', () => this.#tokens.every(({ handle }) => handle.settled))
    await until('nothing is left of them', () => this.#test.stats.cores.every((core) => core.depth === 0))
    await until('their children have ended', () => this.#live() === 0)
    await until('their tags hold nothing', () => this.#boundByTags() === 0)
    this.#checkTokens()
    this.#checkCounts()
  }

  /** The same steps, with a stop somewhere among them. Rejects when a token does not end or is counted wrongly. */
  async stopInTheMiddle(): Promise<void> {
    const random = this.#random
    for (let steps = random.between(0, 30); steps > 0; steps--) await this.#step()
    const { scheduler } = this.#test
    const stopped = scheduler.stop(
      random.chance(0.5) ? { mode: 'abort' } : { mode: 'drain', deadlineMs: random.between(0, 60) },
    )
    if (random.chance(0.3)) {
      await this.#turn()
      void scheduler.stop({ mode: 'abort' })
    }
    await stopped
    for (const { handle, id } of this.#tokens) assert(handle.settled, `it is settled: ${id}`)
    assert(this.#live() === 0, 'no token is left in a state that is not final')
    this.#checkTokens()
    this.#checkCounts()
  }

  async #step(): Promise<void> {
    const random = this.#random
    switch (random.weighted(stepOdds)) {
      case 'submit':
        for (let burst = random.chance(0.2) ? random.between(2, 12) : 1; burst > 0; burst--) this.#submit()
        return
      case 'pauseOrResume':
        this.#test.command(random.pick(['pause', 'resume']), this.#scope())
        return
      case 'kill':
        this.#test.command('kill', this.#scope())
        return
      case 'drain':
        this.#test.command('drain', this.#scope())
        return
      case 'frozen':
        return await this.#frozen()
      case 'pattern':
        this.#test.scheduler.setPattern(
          random.between(1, this.#test.stats.cores.length),
          random.between(1, this.#test.scheduler.options.workersPerCore),
        )
        return
      case 'openGate':
        this.#test.board.open(this.#gate())
        return
      case 'turn':
        return await this.#turn()
      case 'progress':
        return await this.#progress()
      case 'reload':
        this.#test.reload()
    }
  }

  #submit(): void {
    const kind = this.#random.weighted(tokenOdds)
    const values = this.#valuesFor(kind)
    if (values === null || this.#tokens.length === tokensPerRound) return
    const settings = this.#random.chance(0.04) ? { queueTimeout: 1 } : this.#random.chance(0.04) ? { timeout: 3 } : {}
    const handle = this.#test.submitWith(settings, kind, ...values.arguments)
    this.#tokens.push({ handle, id: this.#test.idOf(handle), kind, numbers: values.numbers })
  }

  /** Null when the round has no numbers left. */
  #valuesFor(kind: TokenKind): { arguments: unknown[]; numbers: number[] } | null {
    switch (kind) {
      case 'fail':
      case 'exit':
      case 'throw.later':
        return { arguments: [1], numbers: [] }
      case 'rest':
      case 'hold':
      case 'obey':
      case 'listen':
      case 'hang':
      case 'spin':
        return { arguments: [this.#gate()], numbers: [] }
      case 'nest': {
        const numbers = this.#numbers(4)
        return numbers === null ? null : { arguments: [3, numbers[0]], numbers }
      }
      default: {
        const numbers = this.#numbers(1)
        if (numbers === null) return null
        const isLead = kind === 'lead' || kind === 'lead.slow'
        const child = this.#random.pick(['count', 'count.async', 'count.heavy'])
        return { arguments: isLead ? [child, ...numbers] : numbers, numbers }
      }
    }
  }

  #numbers(count: number): number[] | null {
    if (this.#nextNumber + count > (this.#round + 1) * numbersPerRound) return null
    const numbers = Array.from({ length: count }, (_, index) => this.#nextNumber + index)
    this.#nextNumber += count
    return numbers
  }

  #gate(): number {
    return this.#round * gatesPerRound + this.#random.between(0, gatesPerRound - 1)
  }

  #scope(): CommandScope {
    const random = this.#random
    const kinds = random.chance(0.15) ? ['all'] : ['operation', 'tokens', 'tokens']
    const kind = random.pick(kinds)
    if (kind === 'operation') return { kind, operation: random.weighted(tokenOdds) }
    if (kind === 'all' || this.#tokens.length === 0) return { kind: 'all' }
    const ids = Array.from({ length: random.between(1, 6) }, () => random.pick(this.#tokens).id)
    return { kind: 'tokens', ids }
  }

  /** What a person does who looks at a preview first. */
  async #frozen(): Promise<void> {
    const command = this.#random.pick(commandNames)
    const scope = this.#scope()
    const { sequences } = this.#test.scheduler.previewCommand(command, scope)
    await this.#turn()
    const context = { actor: 'the fuzz', reason: 'frozen', sequences }
    const outcome = await this.#test.scheduler.runCommandInTurns(command, scope, context)
    const { affected, alreadyEnded, untouched } = outcome
    assert(affected + alreadyEnded + untouched === sequences.length, 'a command answers for each token of its set')
  }

  async #turn(): Promise<void> {
    for (let turns = this.#random.between(1, 4); turns > 0; turns--) {
      if (this.#random.chance(0.3)) await Promise.resolve()
      else await new Promise((resolve) => setImmediate(resolve))
    }
  }

  /** Waits until something has ended, unless nothing can. */
  async #progress(): Promise<void> {
    const ended = () => this.#tokens.filter(({ handle }) => handle.settled).length
    const before = ended()
    const patience = this.#test.clock.now() + 3000
    await until('some time passes', () => ended() > before || this.#test.clock.now() > patience)
  }

  /** Ends every pause and opens every gate; what never ends by itself is killed. */
  async #letGo(): Promise<void> {
    const { scheduler } = this.#test
    this.#test.command('resume', { kind: 'all' })
    for (const { operation } of scheduler.reports.operations())
      this.#test.command('resume', { kind: 'operation', operation })
    // A frozen pause may have held children too, which nobody here knows by name.
    const waiting = await scheduler.query({ states: ['WAITING'] }, { by: 'sequence', direction: 'ascending' }, 0, 1000)
    const ids = waiting.rows.map((row) => row.id)
    if (ids.length > 0) this.#test.command('resume', { kind: 'tokens', ids })
    for (let gate = 0; gate < gatesPerRound; gate++) this.#test.board.open(this.#round * gatesPerRound + gate)
    const endless: readonly TokenKind[] = ['obey', 'listen', 'hang', 'spin']
    const endlessIds = this.#tokens.filter(({ kind }) => endless.includes(kind)).map((token) => token.id)
    if (endlessIds.length > 0) this.#test.command('kill', { kind: 'tokens', ids: endlessIds })
  }

  #live(): number {
    const { WAITING, ADMITTED, EXECUTING, CREATED } = this.#test.stats.totals
    return WAITING + ADMITTED + EXECUTING + CREATED
  }

  /** Pins, domains, permits, and tokens that wait for any of them. */
  #boundByTags(): number {
    const { storage, sticky, conductor, retries } = this.#test.stats.tags
    const permits = storage.reduce((sum, tier) => sum + tier.current_active + tier.waiting, 0)
    return permits + sticky.pins + sticky.waiting + conductor.domains + retries.waiting
  }

  #checkTokens(): void {
    const { board, scheduler } = this.#test
    for (const { id, kind, numbers } of this.#tokens) {
      const { state, times, error, stopping } = scheduler.detail(id)
      const runs = numbers.map((number) => board.runs(number))
      const about = `${id} (${state}, ran ${runs}, ${error?.message ?? 'no error'})`
      assert(
        runs.every((count) => count <= 1),
        `nothing runs twice: ${about}`,
      )
      assert(!stopping, `nothing is left of it: ${about}`)
      if (state === 'COMPLETED')
        assert(
          runs.every((count) => count === 1),
          `what has completed has run: ${about}`,
        )
      if (times.started === undefined)
        assert(
          runs.every((count) => count === 0),
          `what never started never ran: ${about}`,
        )
      if (state === 'FAILED') assert(this.#mayFail(kind, error?.kind), `it fails for a reason: ${about}`)
    }
  }

  /** A token fails by itself, by its child, with its thread, or because it is rejected. */
  #mayFail(kind: TokenKind, reason: string | undefined): boolean {
    if (reason === 'worker-lost' || reason === 'overloaded' || kind === 'fail') return true
    const isLead = kind === 'lead' || kind === 'lead.slow' || kind === 'nest'
    return isLead && ['killed', 'timeout', 'operation-failed'].includes(reason ?? '')
  }

  #checkCounts(): void {
    const { token_pool: pool, totals, cores, worker_queue: queue } = this.#test.stats
    const { COMPLETED, FAILED, KILLED, TIMEOUT } = totals
    assert(pool.total_created === COMPLETED + FAILED + KILLED + TIMEOUT, `the counts add up: ${JSON.stringify(totals)}`)
    const byOperation = this.#test.scheduler.reports.operations()
    for (const state of ['WAITING', 'ADMITTED', 'EXECUTING', 'COMPLETED', 'FAILED', 'KILLED', 'TIMEOUT'] as const) {
      const sum = byOperation.reduce((count, operation) => count + (operation.counts[state] ?? 0), 0)
      assert(sum === totals[state], `the operations' counts of ${state} add up to all: ${sum} of ${totals[state]}`)
    }
    assert(
      cores.every((core) => core.depth === 0),
      'no core keeps a depth',
    )
    assert(queue.total_executed <= pool.total_created * this.#mostRuns, 'no more was executed than there was')
  }
}
