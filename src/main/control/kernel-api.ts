import type { ContractAgent, kernelProcedures } from '../../shared/contract/kernel.ts'
import { decodeValue, encodeValue } from '../../shared/contract/values.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import type { Agent, BatchRequest, RouteRequest, SpawnRequest } from '../../shared/model/kernel.ts'
import type { Bus } from '../engine/bus/bus.ts'
import type { AuditLog } from './audit-log.ts'
import { audited } from './audited.ts'
import type { HostApi } from './host-api.ts'

export interface KernelApiParts {
  readonly bus: Bus
  readonly audit: AuditLog
}

type Name = keyof typeof kernelProcedures
type WallName = 'kernel.hook' | 'kernel.unhook' | 'kernel.check'

export function createKernelApi(parts: KernelApiParts): Pick<HostApi, Name> {
  return { ...createAgentApi(parts), ...createWallApi(parts) }
}

function createAgentApi({ bus }: KernelApiParts): Pick<HostApi, Exclude<Name, WallName>> {
  const { kernel } = bus
  return {
    'kernel.spawn': async ({ data, ...request }) =>
      encodeAgent(await kernel.spawn({ ...request, data: decode(data, 'data') } as SpawnRequest)),
    'kernel.batchSpawn': async ({ data, ...request }) => {
      const batch = await kernel.batchSpawn({ ...request, data: decode(data, 'data') } as BatchRequest)
      return { ...batch, leaves: String(batch.leaves), made: String(batch.made) }
    },
    'kernel.leaf': async ({ batch, leaf }) => ({ agent: encodeIfAny(await kernel.leaf(batch, leaf)) }),
    'kernel.closeBatch': ({ batch }) => {
      kernel.closeBatch(batch)
      return {}
    },
    'kernel.agent': async ({ id }) => encodeAgent(await kernel.agent(id)),
    'kernel.compress': async ({ id }) => encodeAgent(await kernel.compress(id)),
    'kernel.restore': async ({ id }) => encodeAgent(await kernel.restore(id)),
    'kernel.prune': async ({ maxActive }) => ({ compressed: await kernel.prune(maxActive) }),
    'kernel.routePacket': async ({ packet, ...request }) => ({
      agent: encodeIfAny(await kernel.routePacket({ ...request, packet: decode(packet, 'packet') } as RouteRequest)),
    }),
    'kernel.scanIndex': async (request) => {
      const { agents, matched } = await kernel.scanIndex(request)
      return { agents: agents.map(encodeAgent), matched }
    },
    'kernel.original': ({ digest }) => ({ text: bus.guards.originals.find(digest) }),
    'kernel.snapshot': async () => {
      const { virtual, total, walls, cache, ...rest } = await kernel.snapshot()
      const named = Object.fromEntries(Object.entries(walls).map(([wall, allowed]) => [wall, [...allowed]]))
      const ttlMs = Number.isFinite(cache.ttlMs) ? cache.ttlMs : null
      return { ...rest, cache: { ...cache, ttlMs }, virtual: String(virtual), total: String(total), walls: named }
    },
  }
}

function createWallApi({ bus, audit }: KernelApiParts): Pick<HostApi, WallName> {
  const { walls } = bus.guards
  return {
    'kernel.hook': async ({ wall, capability, reason }, caller) => {
      const { auditId } = await audited(audit, {
        ...{ caller, action: 'hook', target: `wall ${wall}`, reason },
        run: () => walls.hook(wall, capability),
        summarise: () => `lets ${capability} through`,
      })
      return { auditId }
    },
    'kernel.unhook': async ({ wall, capability, reason }, caller) => {
      const { result, auditId } = await audited(audit, {
        ...{ caller, action: 'unhook', target: `wall ${wall}`, reason },
        run: () => walls.unhook(wall, capability),
        summarise: (removed) => (removed ? `lets ${capability} through no more` : `did not let ${capability} through`),
      })
      return { removed: result, auditId }
    },
    'kernel.check': ({ wall, capability }) => ({ passes: walls.check(wall, capability) }),
  }
}

function encodeAgent({ map, receipts, data, ...agent }: Agent): ContractAgent {
  const encoded = encodeValue(data, 'data') as Record<string, unknown>
  return { ...agent, map: [...map], receipts: [...receipts], data: encoded }
}

function encodeIfAny(agent: Agent | null): ContractAgent | null {
  return agent === null ? null : encodeAgent(agent)
}

function decode(value: Record<string, unknown> | undefined, what: string): unknown {
  if (value === undefined) return undefined
  try {
    return decodeValue(value)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new GuardhouseError('bad-request', `${what}: ${why}`, { cause })
  }
}
