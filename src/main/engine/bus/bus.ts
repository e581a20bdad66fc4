import { BusActivity } from './bus-activity.ts'
import { BusService } from './bus-service.ts'
import { AgentRegistry } from './kernel/agent-registry.ts'
import { CallGuards } from './kernel/call-guards.ts'
import { Kernel } from './kernel/kernel.ts'
import { type KernelPolicy, kernelPolicyFrom } from './kernel/kernel-policy.ts'
import { KernelService } from './kernel/kernel-service.ts'
import type { LaneScheduler } from './lanes/lane-execution.ts'
import type { LaneThrottle } from './lanes/lane-throttle.ts'
import { Lanes } from './lanes/lanes.ts'
import { SpaceObservers } from './space-observers.ts'
import type { TupleStore } from './stores/tuple-store.ts'
import { TupleSpace } from './tuple-space.ts'
import { TupleTrail } from './tuple-trail.ts'

export interface BusSettings {
  readonly policy?: KernelPolicy
  /** How long `out` waits for room unless it is told, milliseconds. */
  readonly patienceMs?: () => number
  /** Throws what keeps new tuples from being accepted. */
  readonly admit?: () => void
  /** What keeps lanes to their share of the CPUs. */
  readonly laneThrottle?: LaneThrottle
}

/** The bus of one host: its space, what passes through it, its kernel, and the lanes that are worked. */
export class Bus {
  readonly activity = new BusActivity()
  readonly trail = new TupleTrail((tuple, token) => this.activity.led(tuple, token))
  readonly space: TupleSpace
  readonly service: BusService
  readonly lanes: Lanes
  readonly guards: CallGuards
  readonly kernel: Kernel
  readonly kernelService: KernelService

  constructor(
    store: TupleStore,
    scheduler: LaneScheduler,
    { policy = kernelPolicyFrom(process.env), laneThrottle, ...settings }: BusSettings = {},
  ) {
    const registry = new AgentRegistry()
    this.guards = new CallGuards(policy)
    this.space = new TupleSpace({
      store,
      observer: new SpaceObservers(this.activity, this.trail, registry),
      ...settings,
    })
    this.kernel = new Kernel({ space: this.space, registry, guards: this.guards, policy })
    this.kernelService = new KernelService(this.kernel, this.guards, policy)
    this.service = new BusService(this.space)
    this.lanes = new Lanes(this.space, this.trail.following(scheduler), this.guards, laneThrottle)
  }

  /** After the scheduler has ended every token, so that what they took is acknowledged or given back. */
  async close(): Promise<void> {
    this.service[Symbol.dispose]()
    await this.lanes.stop()
    await this.space.close()
  }
}
