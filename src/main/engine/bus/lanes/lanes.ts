import { GuardhouseError } from '../../../../shared/errors.ts'
import { CallGuards } from '../kernel/call-guards.ts'
import type { TupleSpace } from '../tuple-space.ts'
import type { BusDeclaration, LaneDefinition } from './lane-definition.ts'
import type { LaneScheduler } from './lane-execution.ts'
import { type LaneReport, LaneRunner } from './lane-runner.ts'
import { LaneThrottle } from './lane-throttle.ts'

export const laneCommands = ['pause', 'resume', 'drain', 'kill'] as const
export type LaneCommand = (typeof laneCommands)[number]

export interface LaneCommandResult {
  /** Tuples that waited and were discarded. */
  readonly discarded: number
  /** Tokens that ran, for whoever kills them. */
  readonly tokens: readonly string[]
}

/** Every lane that is worked here: those the workspace declares, and those set by a call, which win. */
export class Lanes {
  readonly #space: TupleSpace
  readonly #scheduler: LaneScheduler
  readonly #guards: CallGuards
  readonly #throttle: LaneThrottle
  readonly #runners = new Map<string, LaneRunner>()
  readonly #byCall = new Map<string, LaneDefinition>()
  #declared: readonly LaneDefinition[] = []

  constructor(
    space: TupleSpace,
    scheduler: LaneScheduler,
    guards: CallGuards = new CallGuards(),
    throttle = new LaneThrottle(),
  ) {
    this.#throttle = throttle
    this.#guards = guards
    this.#space = space
    this.#scheduler = scheduler
  }

  /** What the open workspace declares. */
  declare({ lanes, walls }: BusDeclaration): void {
    this.#declared = lanes
    this.#guards.walls.declare(walls)
    this.#arrange()
  }

  set(definition: LaneDefinition): void {
    this.#byCall.set(definition.lane, definition)
    this.#arrange()
  }

  /** Takes back what `set` said. What runs goes on. False: nothing was set. */
  remove(lane: string): boolean {
    const removed = this.#byCall.delete(lane)
    this.#arrange()
    return removed
  }

  reports(): readonly LaneReport[] {
    return [...this.#runners.values()].map((runner) => runner.report())
  }

  /** Throws `not-found` for a lane that nobody works here; draining one that holds tuples needs no worker. */
  async command(lane: string, command: LaneCommand): Promise<LaneCommandResult> {
    const runner = this.#runners.get(lane)
    if (command === 'drain' || command === 'kill') {
      const discarded = await this.#space.discard(lane)
      return { discarded, tokens: command === 'kill' ? (runner?.report().tokens ?? []) : [] }
    }
    if (runner === undefined) {
      throw new GuardhouseError('not-found', `no operation works the lane ${JSON.stringify(lane)}`, {
        hint: 'Set one with bus.setLane, or declare it in guardhouse.lanes.json.',
      })
    }
    if (command === 'pause') runner.pause()
    else runner.resume()
    return { discarded: 0, tokens: [] }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#runners.values()].map((runner) => runner.stop()))
  }

  #arrange(): void {
    const wanted = new Map(this.#declared.map((definition) => [definition.lane, definition]))
    for (const [lane, definition] of this.#byCall) wanted.set(lane, definition)
    for (const [lane, runner] of this.#runners) {
      if (same(runner.definition, wanted.get(lane))) continue
      this.#runners.delete(lane)
      void runner.stop()
    }
    for (const [lane, definition] of wanted) {
      if (this.#runners.has(lane)) continue
      const runner = new LaneRunner(definition, this.#space, this.#scheduler, this.#guards, this.#throttle.lane())
      this.#runners.set(lane, runner)
      runner.start()
    }
  }
}

function same(one: LaneDefinition, other: LaneDefinition | undefined): boolean {
  return other !== undefined && JSON.stringify(one) === JSON.stringify(other)
}
