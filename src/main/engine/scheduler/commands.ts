import type { CommandName, CommandOutcome, CommandScope } from '../../../shared/contract/commands.ts'
import { GuardhouseError } from '../../../shared/errors.ts'
import { type CommandTargets, liveSlots, reachOf, waitingFirst } from './command-reach.ts'
import type { OperationEntry } from './operation-table.ts'
import type { SchedulerState } from './scheduler-state.ts'
import type { TokenLife } from './token-life.ts'
import { stateNumbers, tokenFlags } from './token-table.ts'

export interface CommandContext {
  readonly actor: string
  readonly reason: string
  /** The frozen set of a preview: only these tokens are touched. */
  readonly sequences?: Float64Array | undefined
}

export type CommandResult = Omit<CommandOutcome, 'auditId'>

/** Which states a command acts on: the command x state matrix of the specification (section 4.3), with its faults mended. */
export const commandStates: Readonly<Record<CommandName, ReadonlySet<number>>> = {
  pause: new Set([stateNumbers.WAITING]),
  resume: new Set([stateNumbers.WAITING]),
  drain: new Set([stateNumbers.WAITING]),
  kill: new Set([stateNumbers.CREATED, stateNumbers.WAITING, stateNumbers.ADMITTED, stateNumbers.EXECUTING]),
}

/** Reasons as the original names them, for when nobody gave one. */
const standardReasons: Readonly<Record<CommandName, string>> = {
  pause: 'admin_pause',
  resume: 'admin_resume',
  drain: 'admin_drain',
  kill: 'admin_override',
}

/** More are not touched in one turn of the event loop: some milliseconds of work. */
const tokensOfTurn = 500

/** Pause, resume, drain and kill: of everything, of one operation, of chosen tokens. */
export class Commands {
  readonly #state: SchedulerState
  readonly #life: TokenLife
  readonly #dispatch: () => void

  constructor(state: SchedulerState, life: TokenLife, dispatch: () => void) {
    this.#state = state
    this.#life = life
    this.#dispatch = dispatch
  }

  preview(command: CommandName, scope: CommandScope): CommandTargets {
    this.#life.observeRunning()
    return reachOf(this.#state, this.#targets(scope), commandStates[command])
  }

  run(command: CommandName, scope: CommandScope, context: CommandContext): CommandResult {
    this.#life.observeRunning()
    const result = { affected: 0, alreadyEnded: 0, untouched: 0 }
    if (isSwitch(command, scope, context)) result.affected = this.#switch(command, scope, context)
    else this.#each(command, this.#chosen(command, scope, context, result), context, result)
    this.#dispatch()
    return result
  }

  /**
   * The same in as many turns of the event loop as it takes, so that others are answered meanwhile, however many tokens there are.
   * Nothing leaves the gate before the last one: what is about to be killed must not begin.
   */
  async runInTurns(command: CommandName, scope: CommandScope, context: CommandContext): Promise<CommandResult> {
    if (isSwitch(command, scope, context)) return this.run(command, scope, context)
    this.#life.observeRunning()
    const { table, gate } = this.#state
    const result = { affected: 0, alreadyEnded: 0, untouched: 0 }
    const sequences = table.sequencesOf(this.#chosen(command, scope, context, result))
    gate.closures += 1
    try {
      for (let from = 0; from < sequences.length; from += tokensOfTurn) {
        if (from > 0) await new Promise((resolve) => setImmediate(resolve))
        this.#each(command, this.#slotsOf(sequences.subarray(from, from + tokensOfTurn), result), context, result)
      }
    } finally {
      gate.closures -= 1
      this.#dispatch()
    }
    return result
  }

  /** Kills one token. False when it had ended. */
  kill(slot: number, actor: string, reason: string): boolean {
    const { table } = this.#state
    if (table.isTerminal(slot)) return false
    this.#note(slot, 'kill', { actor, reason })
    // Without a stack: it would tell of this file alone, and of many thousands killed at once it took most of the time.
    this.#life.end(slot, 'KILLED', {
      kind: 'killed',
      message: `killed by ${actor}${reason === '' ? '' : `: ${reason}`}`,
    })
    return true
  }

  /** The tokens of a command, in the order in which it comes to them. */
  #chosen(
    command: CommandName,
    scope: CommandScope,
    { sequences }: CommandContext,
    result: { alreadyEnded: number },
  ): Int32Array {
    const slots =
      sequences !== undefined
        ? this.#slotsOf(sequences, result)
        : scope.kind === 'tokens'
          ? this.#slotsOfIds(scope.ids, result)
          : this.#targets(scope)
    // What waits is taken first: a worker that is freed by a kill must not begin what is about to be killed.
    return command === 'kill' ? waitingFirst(this.#state.table, slots) : slots
  }

  #each(
    command: CommandName,
    slots: Int32Array,
    context: CommandContext,
    result: { affected: number; alreadyEnded: number; untouched: number },
  ): void {
    const { table } = this.#state
    for (const slot of slots) {
      if (table.isTerminal(slot)) result.alreadyEnded += 1
      else if (!commandStates[command].has(table.state[slot] ?? 0)) result.untouched += 1
      else if (this.#apply(command, slot, context)) result.affected += 1
      else result.untouched += 1
    }
  }

  #apply(command: CommandName, slot: number, context: CommandContext): boolean {
    if (command === 'kill' || command === 'drain') {
      return this.kill(slot, context.actor, context.reason === '' ? standardReasons[command] : context.reason)
    }
    const hold = command === 'pause'
    if (this.#state.table.has(slot, tokenFlags.held) === hold) return false
    this.#note(slot, command, context)
    this.#state.gate.setHeld(slot, hold)
    this.#state.observer.held(slot)
    this.#state.table.version += 1
    return true
  }

  /** Pauses or resumes the gate or one operation; returns how many waiting tokens that touches. */
  #switch(command: CommandName, scope: WholeScope, { actor, reason }: CommandContext): number {
    const { gate } = this.#state
    this.#state.table.version += 1
    const by = command === 'pause' ? { actor, reason, at: this.#state.now() } : null
    if (scope.kind === 'all') {
      if (!gate.paused || by === null) gate.pausedBy = by
      gate.paused = command === 'pause'
      return gate.waiting
    }
    const operation = this.#operation(scope.operation)
    if (operation.paused === (command === 'pause')) return 0
    operation.pausedBy = by
    return command === 'pause' ? gate.pauseOperation(operation) : gate.resumeOperation(operation)
  }

  #note(slot: number, action: CommandName, { actor, reason }: CommandContext): void {
    const why = reason === '' ? standardReasons[action] : reason
    this.#state.extra(slot).actions.push({ at: this.#state.now(), actor, action, reason: why })
  }

  #operation(operationType: string): OperationEntry {
    const operation = this.#state.operations.find(operationType)
    if (operation === undefined) {
      throw new GuardhouseError('not-found', `there is no operation ${JSON.stringify(operationType)}`, {
        hint: 'See operations.list for the names.',
      })
    }
    return operation
  }

  /** Live tokens of a whole scope, oldest first; of chosen tokens all that are kept, as they were named. */
  #targets(scope: CommandScope): Int32Array {
    if (scope.kind === 'tokens') return this.#slotsOfIds(scope.ids, null)
    return liveSlots(this.#state.table, scope.kind === 'operation' ? this.#operation(scope.operation).index : null)
  }

  #slotsOfIds(ids: readonly string[], result: { alreadyEnded: number } | null): Int32Array {
    const slots: number[] = []
    for (const id of new Set(ids)) {
      const slot = this.#state.slotOf(id)
      if (slot >= 0) slots.push(slot)
      // A token that is not kept any more ended long ago.
      else if (result !== null) result.alreadyEnded += 1
    }
    return Int32Array.from(slots)
  }

  #slotsOf(sequences: Float64Array, result: { alreadyEnded: number }): Int32Array {
    const slots = new Int32Array(sequences.length)
    let kept = 0
    for (let at = 0; at < sequences.length; at++) {
      const slot = this.#state.table.find(sequences[at] ?? 0)
      if (slot >= 0) slots[kept++] = slot
      else result.alreadyEnded += 1
    }
    return slots.subarray(0, kept)
  }
}

type WholeScope = Exclude<CommandScope, { kind: 'tokens' }>

/** Pausing and resuming all of something is a switch; everything else is done to each token. */
function isSwitch(command: CommandName, scope: CommandScope, { sequences }: CommandContext): scope is WholeScope {
  return sequences === undefined && scope.kind !== 'tokens' && (command === 'pause' || command === 'resume')
}
