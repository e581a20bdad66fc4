import type { BusLane, busProcedures } from '../../shared/contract/bus.ts'
import { decodeValue, encodeValue } from '../../shared/contract/values.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import type { Template, Tuple, TupleInput } from '../../shared/model/bus.ts'
import type { Bus } from '../engine/bus/bus.ts'
import { readLane } from '../engine/bus/lanes/lane-definition.ts'
import type { LaneReport } from '../engine/bus/lanes/lane-runner.ts'
import type { AuditLog } from './audit-log.ts'
import { audited } from './audited.ts'
import type { HostScheduler } from './engine-surface.ts'
import { HeldTuples } from './held-tuples.ts'
import type { Caller, HostApi } from './host-api.ts'

export interface BusApiParts {
  readonly bus: Bus
  readonly scheduler: HostScheduler
  readonly audit: AuditLog
}

type Fields = Record<string, unknown>

/** Somebody who waits this long while others of their lane are served is said to starve, milliseconds. */
const starvesAfterMs = 30_000

export function createBusApi(parts: BusApiParts): Pick<HostApi, keyof typeof busProcedures> {
  return { ...createTupleApi(parts), ...createWatchingApi(parts), ...createLaneApi(parts) }
}

type TupleCalls = 'bus.out' | 'bus.in' | 'bus.rd' | 'bus.inp' | 'bus.rdp' | 'bus.eval'
type LeaseCalls = 'bus.acknowledge' | 'bus.renew' | 'bus.giveBack'

function createTupleApi({ bus, scheduler }: BusApiParts): Pick<HostApi, TupleCalls | LeaseCalls> {
  const { space } = bus
  const held = new HeldTuples()

  async function take(template: Fields, timeoutMs: number | null, leaseMs: number | undefined, caller: Caller) {
    const wanted = decode<Template>(template, 'template')
    return whileConnected(caller, async (signal) => {
      const options = { timeoutMs, signal, by: caller.peer.name }
      if (leaseMs === undefined) {
        const tuple = await space.in(wanted, options)
        return { tuple: encode(tuple), lease: null, deliveries: tuple === null ? 0 : 1 }
      }
      const lent = await space.lend(wanted, { ...options, leaseMs })
      if (lent === null) return { tuple: null, lease: null, deliveries: 0 }
      return { tuple: encode(lent.tuple), lease: held.keep(lent, caller), deliveries: lent.deliveries }
    })
  }

  const read = (template: Fields, timeoutMs: number | null, caller: Caller) =>
    whileConnected(caller, async (signal) => {
      const options = { timeoutMs, signal, by: caller.peer.name }
      return { tuple: encode(await space.rd(decode<Template>(template, 'template'), options)) }
    })

  return {
    'bus.out': async ({ tuple, timeoutMs }, caller) => {
      const options = { by: caller.peer.name, ...(timeoutMs === undefined ? {} : { timeoutMs }) }
      return whileConnected(caller, async (signal) => ({
        id: await space.out(decode<TupleInput>(tuple, 'tuple'), { ...options, signal }),
      }))
    },
    'bus.in': ({ template, timeoutMs, leaseMs }, caller) => take(template, timeoutMs, leaseMs, caller),
    'bus.inp': ({ template, leaseMs }, caller) => take(template, 0, leaseMs, caller),
    'bus.rd': ({ template, timeoutMs }, caller) => read(template, timeoutMs, caller),
    'bus.rdp': ({ template }, caller) => read(template, 0, caller),
    'bus.eval': ({ operation, arguments: encoded, fields }, caller) => {
      const extra = decode<TupleInput>(fields, 'fields')
      const { sequence } = scheduler.submit(
        operation,
        encoded.map((value) => decodeValue(value)),
      )
      const token = scheduler.idOf(sequence)
      const work = async () => {
        const { error, value } = await scheduler.settlement(token)
        if (error !== null) throw new GuardhouseError(error.kind, error.message, { hint: error.hint })
        return { result: value } as TupleInput
      }
      // A failure is told by the error tuple.
      space.eval(extra, work, { by: caller.peer.name }).catch(() => undefined)
      return { token }
    },
    'bus.acknowledge': async ({ lease }) => ({ done: await held.end(lease, (lent) => lent.acknowledge()) }),
    'bus.giveBack': async ({ lease }) => ({ done: await held.end(lease, (lent) => lent.giveBack()) }),
    'bus.renew': async ({ lease, leaseMs }) => ({ done: (await held.find(lease)?.renew(leaseMs)) ?? false }),
  }
}

function createWatchingApi({
  bus,
}: BusApiParts): Pick<HostApi, 'bus.lanes' | 'bus.tuples' | 'bus.waiters' | 'bus.matches'> {
  return {
    'bus.lanes': async () => {
      const lanes = await lanesOf(bus)
      return { store: bus.space.store.name, lanes: lanes.slice(0, 1000), total: lanes.length }
    },
    'bus.tuples': async ({ template, offset, limit }) => {
      const { tuples, matched } = await bus.space.list(decode<Template>(template, 'template'), offset, limit)
      return { tuples: tuples.map(({ tuple, ...entry }) => ({ tuple: encode(tuple), ...entry })), matched }
    },
    'bus.waiters': () => {
      const now = Date.now()
      const served = bus.activity.matches(500)
      const servedSince = (lane: string | null, since: number) =>
        served.some((match) => match.at > since && (lane === null || match.lane === lane))
      const waiters = bus.space.waiting().map(({ matcher, takes, by, since }) => ({
        wants: matcher.text,
        lane: matcher.lane,
        yool: matcher.yool,
        takes,
        by,
        waitedMs: now - since,
        starves: now - since > starvesAfterMs && servedSince(matcher.lane, since),
      }))
      return { waiters: waiters.slice(0, 1000), total: waiters.length }
    },
    'bus.matches': ({ limit }) => ({ matches: bus.activity.matches(limit) }),
  }
}

function createLaneApi({
  bus,
  scheduler,
  audit,
}: BusApiParts): Pick<HostApi, 'bus.setLane' | 'bus.removeLane' | 'bus.laneCommand'> {
  return {
    'bus.setLane': async ({ reason, ...settings }, caller) => {
      const { auditId } = await audited(audit, {
        caller,
        action: 'set lane',
        target: settings.lane,
        reason,
        run: () => bus.lanes.set(readLane(settings)),
        summarise: () => `worked by ${settings.operation}`,
      })
      return { auditId }
    },
    'bus.removeLane': async ({ lane, reason }, caller) => {
      const { result, auditId } = await audited(audit, {
        caller,
        action: 'remove lane',
        target: lane,
        reason,
        run: () => bus.lanes.remove(lane),
        summarise: (removed) => (removed ? 'worked no more by what a call had set' : 'no call had set it'),
      })
      return { removed: result, auditId }
    },
    'bus.laneCommand': async ({ lane, command, reason }, caller) => {
      const { result, auditId } = await audited(audit, {
        caller,
        action: `${command} lane`,
        target: lane,
        reason,
        run: async () => {
          const { discarded, tokens } = await bus.lanes.command(lane, command)
          if (tokens.length === 0) return { discarded, killed: 0 }
          const actor = { actor: caller.peer.name, reason }
          const scope = { kind: 'tokens' as const, ids: [...tokens] }
          return { discarded, killed: scheduler.runCommand('kill', scope, actor).affected }
        },
        summarise: ({ discarded, killed }) => `${discarded} tuples discarded, ${killed} tokens killed`,
      })
      return { ...result, auditId }
    },
  }
}

async function lanesOf({ space, activity, lanes }: Bus): Promise<BusLane[]> {
  const waiters = new Map<string | null, number>()
  for (const { matcher } of space.waiting()) waiters.set(matcher.lane, (waiters.get(matcher.lane) ?? 0) + 1)
  const entries = new Map<string | null, BusLane>()
  const entry = (lane: string | null): BusLane => {
    const known = entries.get(lane)
    if (known !== undefined) return known
    const made: BusLane = {
      ...{ lane, waiting: 0, leased: 0, put: 0, taken: 0, putRate: 0, takenRate: 0, work: null },
      waiters: waiters.get(lane) ?? 0,
    }
    entries.set(lane, made)
    return made
  }
  for (const { lane, waiting, leased } of await space.lanes()) Object.assign(entry(lane), { waiting, leased })
  for (const { lane, ...rates } of activity.rates()) Object.assign(entry(lane), rates)
  for (const lane of waiters.keys()) if (lane !== null) entry(lane)
  for (const report of lanes.reports()) entry(report.definition.lane).work = workOf(report)
  return [...entries.values()].sort(
    (a, b) => Number(b.work !== null) - Number(a.work !== null) || b.waiting - a.waiting,
  )
}

function workOf({ definition, tokens, ...report }: LaneReport): NonNullable<BusLane['work']> {
  return { ...report, operation: definition.operation, settings: definition }
}

/** Ends the wait when the connection does. */
async function whileConnected<T>(caller: Caller, wait: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const takeBack = caller.onClose(() => {
    controller.abort(new GuardhouseError('disconnected', 'the connection ended while this waited'))
  })
  try {
    return await wait(controller.signal)
  } finally {
    takeBack()
  }
}

function decode<T>(value: Fields, what: string): T {
  try {
    return decodeValue(value) as T
  } catch (cause) {
    throw new GuardhouseError('bad-request', `${what}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  }
}

function encode(tuple: Tuple): Fields
function encode(tuple: Tuple | null): Fields | null
function encode(tuple: Tuple | null): Fields | null {
  return tuple === null ? null : (encodeValue(tuple, 'tuple') as Fields)
}
