import { setTimeout as delay } from 'node:timers/promises'
import { AuditLog } from '../../src/main/control/audit-log.ts'
import { createBusApi } from '../../src/main/control/bus-api.ts'
import type { HostScheduler } from '../../src/main/control/engine-surface.ts'
import { FrozenSets } from '../../src/main/control/frozen-sets.ts'
import type { Caller } from '../../src/main/control/host-api.ts'
import { createKernelApi } from '../../src/main/control/kernel-api.ts'
import { createTrailApi } from '../../src/main/control/trail-api.ts'
import { Bus } from '../../src/main/engine/bus/bus.ts'
import { laneDefinition } from '../../src/main/engine/bus/lanes/lane-definition.ts'
import type { LaneScheduler } from '../../src/main/engine/bus/lanes/lane-execution.ts'
import { MemoryStore } from '../../src/main/engine/bus/stores/memory-store.ts'
import type { busProcedures } from '../../src/shared/contract/bus.ts'
import type { ProcedureName, ProcedureOutput, ProcedureParsedInput } from '../../src/shared/contract/index.ts'
import type { kernelProcedures } from '../../src/shared/contract/kernel.ts'
import type { trailProcedures } from '../../src/shared/contract/trail.ts'
import { GuardhouseError } from '../../src/shared/errors.ts'
import type { ReceiptAnswers } from './receipt-answers.ts'
import type { TokenAnswers } from './token-answers.ts'

type BusName = keyof typeof busProcedures | keyof typeof kernelProcedures | keyof typeof trailProcedures
type Answers = {
  readonly [Name in BusName & ProcedureName]: (
    input: ProcedureParsedInput<Name>,
  ) => ProcedureOutput<Name> | Promise<ProcedureOutput<Name>>
}

export interface InventedBusParts {
  /** Nothing is on it, and nothing comes. */
  readonly empty: boolean
  readonly tokens: TokenAnswers
  readonly receipts: ReceiptAnswers
}

const lanes = ['thumbnails', 'mail', 'index', 'imports', 'audit']
const waitingTuples = 4000

/** A real bus in memory, with made-up traffic: what works a lane takes a moment and sometimes fails. */
export function inventedBus({ empty, tokens, receipts }: InventedBusParts): Answers {
  const bus = new Bus(new MemoryStore(), inventedScheduler(tokens))
  if (!empty) {
    bus.lanes.set(laneDefinition.parse({ lane: 'thumbnails', operation: 'image.resize', concurrency: 4 }))
    bus.lanes.set(laneDefinition.parse({ lane: 'mail', operation: 'mail.send', breakerThreshold: 3 }))
    bus.lanes.set(
      laneDefinition.parse({
        lane: 'embeddings',
        operation: 'text.embed',
        batch: 32,
        provider: 'acme',
        contextChars: 6000,
      }),
    )
    void makeTraffic(bus)
    void makeAgents(bus)
  }
  const audit = new AuditLog(1000)
  const api = {
    ...createBusApi({ bus, scheduler: noScheduler, audit }),
    ...createKernelApi({ bus, audit }),
    ...createTrailApi({ bus, tokens, receipts: receipts.client, runs: noRuns }),
  }
  const calls = Object.entries(api).map(([name, call]) => [name, (input: never) => call(input, caller)])
  return Object.fromEntries(calls) as Answers
}

/** Takes the newest tokens for those of its tuples, so that the way to them leads somewhere. */
function inventedScheduler(tokens: TokenAnswers): LaneScheduler {
  let runs = 0
  const newest = () => {
    const sort = { by: 'sequence', direction: 'descending' } as const
    return tokens.query({ filter: {}, sort, offset: 0, limit: 1 }).rows[0]?.id ?? ''
  }
  return {
    canRun: () => true,
    run: async (operation, _tuple, accepted) => {
      runs += 1
      accepted(newest())
      await delay(150, undefined, { ref: false })
      const failed = operation === 'mail.send' && runs % 3 === 0
      return failed
        ? { state: 'FAILED', value: undefined, error: { kind: 'operation-failed', message: 'the server is busy' } }
        : { state: 'COMPLETED', value: null, error: null }
    },
  }
}

async function makeTraffic({ space }: Bus): Promise<void> {
  for (const lane of ['imports', 'index']) {
    void space.in({ lane: `${lane}.done`, batch: 7 }, { by: 'nightly.import' }).catch(() => null)
  }
  for (let n = 0; n < waitingTuples; n++)
    await space.out({ lane: lanes[n % 4] ?? 'mail', yool: 'agent.dev.run', n }, { by: 'program python' })
  for (let n = 0; ; n++) {
    await delay(120, undefined, { ref: false })
    await space.out(
      { lane: lanes[n % 3] ?? 'mail', yool: 'agent.dev.run', file: `photo-${n}.jpg`, size: n * 37 },
      { by: 'program python' },
    )
    if (n % 2 === 0) await space.inp({ lane: 'index' }, { by: 'search.index' })
  }
}

async function makeAgents({ kernel, guards }: Bus): Promise<void> {
  guards.walls.hook('reviewers', 'agent.review.read')
  const lead = await kernel.spawn({ yool: 'agent.plan.lead', lane: 'plans', data: { goal: 'ship' } })
  await kernel.spawn({ yool: 'agent.review.read', lane: 'reviews', parent: lead.id, wall: 'reviewers' })
  const batch = await kernel.batchSpawn({ yool: 'index.shard.build', lane: 'shards', depth: 4, branching: 32 })
  for (let leaf = 0; leaf < 6; leaf++) await kernel.leaf(batch.id, leaf)
  guards.providers.of('acme', { threshold: 5, cooldownMs: 30_000 }).succeeded()
  guards.providers.of('models.example', { threshold: 1, cooldownMs: 600_000 }).failed()
}

const caller: Caller = {
  peer: { kind: 'window', name: 'window', readOnly: false },
  readOnly: false,
  frozenSets: new FrozenSets(() => 0),
  onClose: () => () => undefined,
}

const noRuns = {
  rows: async () => [],
  row: async () => {
    throw new GuardhouseError('not-found', 'the made-up bus knows no runs')
  },
}

const noScheduler = {
  submit: () => {
    throw new GuardhouseError('unsupported', 'the made-up host runs nothing for the bus')
  },
} as unknown as HostScheduler
