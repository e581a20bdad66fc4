import { BusActivity } from './bus-activity.ts'
import { BusService } from './bus-service.ts'
import type { LaneScheduler } from './lanes/lane-runner.ts'
import { Lanes } from './lanes/lanes.ts'
import type { TupleStore } from './stores/tuple-store.ts'
import { TupleSpace } from './tuple-space.ts'

/** The bus of one host: its space, what passes through it, and the lanes that are worked. */
export class Bus {
  readonly activity = new BusActivity()
  readonly space: TupleSpace
  readonly service: BusService
  readonly lanes: Lanes

  constructor(store: TupleStore, scheduler: LaneScheduler) {
    this.space = new TupleSpace({ store, observer: this.activity })
    this.service = new BusService(this.space)
    this.lanes = new Lanes(this.space, scheduler)
  }

  /** After the scheduler has ended every token, so that what they took is acknowledged or given back. */
  async close(): Promise<void> {
    this.service[Symbol.dispose]()
    await this.lanes.stop()
    await this.space.close()
  }
}
