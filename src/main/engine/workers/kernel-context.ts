import type { KernelContext } from '../../../shared/model/kernel.ts'
import { type AskKernel, guardedCall } from './guarded-call.ts'
import type { ServiceCall } from './service-calls.ts'

/** `context().kernel`, over calls of the service `kernel`. `signal` is the token's. */
export function kernelContext(
  call: (request: ServiceCall) => Promise<unknown>,
  signal: () => AbortSignal,
): KernelContext {
  const ask = (method: string, ...values: unknown[]) => call({ service: 'kernel', method, values }) as Promise<never>
  const askLong: AskKernel = (method, values, waits = false) => call({ service: 'kernel', method, values, waits })
  return {
    spawn: (request) => ask('spawn', request),
    batchSpawn: (request) => ask('batchSpawn', request),
    leaf: (batch, leaf) => ask('leaf', batch, typeof leaf === 'bigint' ? String(leaf) : leaf),
    closeBatch: (batch) => ask('closeBatch', batch),
    agent: (id) => ask('agent', id),
    compress: (id) => ask('compress', id),
    restore: (id) => ask('restore', id),
    prune: (maxActive = null) => ask('prune', maxActive),
    routePacket: (request) => ask('routePacket', request),
    scanIndex: (request = {}) => ask('scanIndex', request),
    hook: (wall, capability) => ask('hook', wall, capability),
    unhook: (wall, capability) => ask('unhook', wall, capability),
    check: (wall, capability) => ask('check', wall, capability),
    enforce: (wall, capability) => ask('enforce', wall, capability),
    execute: (request, run) => guardedCall(request, run, askLong, signal()),
    original: (digest) => ask('original', digest),
    snapshot: () => ask('snapshot'),
  }
}
