import { z } from 'zod'
import {
  agentId,
  batchRequest,
  leafNumber,
  routeRequest,
  scanRequest,
  spawnRequest,
  wallName,
} from '../../../../shared/contract/kernel.ts'
import { GuardhouseError } from '../../../../shared/errors.ts'
import type { BatchRequest, RouteRequest, ScanRequest, SpawnRequest } from '../../../../shared/model/kernel.ts'
import type { ContextService, ServiceCaller } from '../../scheduler/context-services.ts'
import { CallDesk } from './call-desk.ts'
import type { CallGuards } from './call-guards.ts'
import type { Kernel } from './kernel.ts'
import type { KernelPolicy } from './kernel-policy.ts'

const digest = z.string().max(100)
const maxActive = z.number().int().min(0).nullable()

/** What running operations reach as `context().kernel`. */
export class KernelService implements ContextService {
  readonly #kernel: Kernel
  readonly #guards: CallGuards
  readonly #calls: CallDesk

  constructor(kernel: Kernel, guards: CallGuards, policy: KernelPolicy) {
    this.#kernel = kernel
    this.#guards = guards
    this.#calls = new CallDesk(guards, policy)
  }

  call(method: string, values: readonly unknown[], caller: ServiceCaller): unknown {
    const [first, second] = values
    switch (method) {
      case 'spawn':
        return this.#kernel.spawn(parse(spawnRequest, first) as SpawnRequest)
      case 'batchSpawn':
        return this.#kernel.batchSpawn(parse(batchRequest, first) as BatchRequest)
      case 'leaf':
        return this.#kernel.leaf(parse(agentId, first), parse(leafNumber, second))
      case 'closeBatch':
        return this.#kernel.closeBatch(parse(agentId, first))
      case 'agent':
        return this.#kernel.agent(parse(agentId, first))
      case 'compress':
        return this.#kernel.compress(parse(agentId, first))
      case 'restore':
        return this.#kernel.restore(parse(agentId, first))
      case 'prune':
        return this.#kernel.prune(parse(maxActive, first))
      case 'routePacket':
        return this.#kernel.routePacket(parse(routeRequest, first) as RouteRequest)
      case 'scanIndex':
        return this.#kernel.scanIndex(parse(scanRequest, first) as ScanRequest)
      case 'original':
        return this.#guards.originals.find(parse(digest, first))
      case 'snapshot':
        return this.#kernel.snapshot()
      case 'hook':
      case 'unhook':
      case 'check':
      case 'enforce':
        return this.#guards.walls[method](parse(wallName, first), parse(wallName, second))
      default:
        return this.#calls.call(method, values, caller)
    }
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = issue?.path.join('.') ?? ''
  throw new GuardhouseError('bad-request', `${path === '' ? 'the argument' : path}: ${issue?.message}`, {
    hint: 'docs/bus.md lists what the kernel is asked with.',
  })
}
