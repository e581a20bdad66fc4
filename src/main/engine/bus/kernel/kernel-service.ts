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
import type { ContextService } from '../../scheduler/context-services.ts'
import type { Hookwalls } from './hookwall.ts'
import type { Kernel } from './kernel.ts'

const maxActive = z.number().int().min(0).nullable()

/** What running operations reach as `context().kernel`. */
export class KernelService implements ContextService {
  readonly #kernel: Kernel
  readonly #walls: Hookwalls

  constructor(kernel: Kernel, walls: Hookwalls) {
    this.#kernel = kernel
    this.#walls = walls
  }

  call(method: string, [first, second]: readonly unknown[]): unknown {
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
      case 'snapshot':
        return this.#kernel.snapshot()
      default:
        return this.#wall(method, first, second)
    }
  }

  #wall(method: string, first: unknown, second: unknown): unknown {
    const wall = parse(wallName, first)
    const capability = parse(wallName, second)
    if (method === 'hook') return this.#walls.hook(wall, capability)
    if (method === 'unhook') return this.#walls.unhook(wall, capability)
    if (method === 'check') return this.#walls.check(wall, capability)
    if (method === 'enforce') return this.#walls.enforce(wall, capability)
    throw new GuardhouseError('bad-request', `the kernel has no method ${method}`)
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
