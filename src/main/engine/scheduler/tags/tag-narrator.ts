import type { LogSubject } from '../../log/engine-log.ts'
import { LimitedChannel } from '../../log/limited-channel.ts'
import type { SchedulerState } from '../scheduler-state.ts'
import { type ConductorDomain, seedInSnapshot } from './conductor-domains.ts'
import type { StickyLane } from './sticky-lanes.ts'
import type { StorageTier } from './storage-tiers.ts'

/** Writes what tags make tokens do: which lanes, domains and tiers there are, and who waits for them. */
export class TagNarrator {
  readonly #state: SchedulerState
  readonly #sticky: LimitedChannel
  readonly #conductor: LimitedChannel
  readonly #storage: LimitedChannel

  constructor(state: SchedulerState) {
    const now = () => state.now()
    this.#state = state
    this.#sticky = new LimitedChannel(state.log, 'sticky', now)
    this.#conductor = new LimitedChannel(state.log, 'conductor', now)
    this.#storage = new LimitedChannel(state.log, 'storage', now)
  }

  pinned(slot: number, { key, core }: StickyLane): void {
    this.#sticky.write(
      'info',
      () => `${key} is pinned to core ${core}`,
      () => this.#subject(slot),
    )
  }

  waitsForTurn(slot: number, { key, holder, parked }: StickyLane): void {
    this.#sticky.write(
      'state',
      () => `waits for its turn of ${key} behind ${this.#idOf(holder?.sequence)}, ${parked.length} wait before it`,
      () => this.#subject(slot),
    )
  }

  /** The last token of the key is over. */
  unpinned({ key, core, tokens }: StickyLane): void {
    if (tokens === 0)
      this.#sticky.write(
        'info',
        () => `${key} is free again`,
        () => ({ core: core || null }),
      )
  }

  opened(slot: number, { seed }: ConductorDomain): void {
    this.#conductor.write(
      'info',
      () => `opens the domain ${shown(seed)}`,
      () => this.#subject(slot),
    )
  }

  /** `joined` is null when the domain had closed: the token runs anywhere. */
  joins(slot: number, { seed, lead, pending }: ConductorDomain, joined: ConductorDomain | null): void {
    const subject = () => this.#subject(slot)
    if (joined === null) {
      this.#conductor.write(
        'warn',
        () => `comes too late for the domain ${shown(seed)}, which has closed: it may run on any core`,
        subject,
      )
    } else {
      const text = () => `joins the domain ${shown(seed)} of ${this.#idOf(lead)} as one of ${pending} that are not over`
      this.#conductor.write('debug', text, subject)
    }
  }

  settled(slot: number, { seed, core }: ConductorDomain): void {
    this.#conductor.write(
      'dispatch',
      () => `the domain ${shown(seed)} stays on core ${core}`,
      () => this.#subject(slot),
    )
  }

  closed({ seed, core, members, pending }: ConductorDomain): void {
    if (pending > 0) return
    this.#conductor.write(
      'info',
      () => `the domain ${shown(seed)} is closed after ${members} tokens`,
      () => ({ core: core || null }),
    )
  }

  waitsForPermit(slot: number, { speed, active, limit, parked }: StorageTier): void {
    this.#storage.write(
      'state',
      () => `waits for a permit of ${speed}: ${active} of ${limit} are out, ${parked.length} wait before it`,
      () => this.#subject(slot),
    )
  }

  /** One that had waited for it. */
  permitted(slot: number, { speed, active, limit }: StorageTier): void {
    this.#storage.write(
      'debug',
      () => `has its permit of ${speed} now, ${active} of ${limit} are out`,
      () => this.#subject(slot),
    )
  }

  limited({ speed, limit, active }: StorageTier, before: number): void {
    this.#storage.write('info', () => `${speed} lets ${limit} past instead of ${before}; ${active} are out`)
  }

  #subject(slot: number): LogSubject {
    const worker = this.#state.workerOf(slot)
    const operation = this.#state.operationOf(slot).operationType
    return { token: this.#state.idOf(slot), operation, core: worker?.core ?? null, slot: worker?.slot ?? null }
  }

  #idOf(sequence: number | undefined): string {
    const slot = sequence === undefined ? -1 : this.#state.table.find(sequence)
    return slot < 0 ? 'a token that has ended' : this.#state.idOf(slot)
  }
}

function shown(seed: string): string {
  return seed.slice(0, seedInSnapshot)
}
