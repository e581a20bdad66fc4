import { expect, test } from 'vitest'
import { type ProcedureName, type ProcedureOutput, procedures } from '../../shared/contract/index.ts'
import { Bus } from '../engine/bus/bus.ts'
import { MemoryStore } from '../engine/bus/stores/memory-store.ts'
import { AuditLog } from './audit-log.ts'
import { FrozenSets } from './frozen-sets.ts'
import type { Caller, HostApi } from './host-api.ts'
import { createKernelApi } from './kernel-api.ts'

const caller: Caller = {
  peer: { kind: 'window', name: 'window', readOnly: false },
  readOnly: false,
  frozenSets: new FrozenSets(() => 0),
  onClose: () => () => undefined,
}

/** Calls as a connection does: input and answer pass their schemas, the answer as JSON. */
function start() {
  const audit = new AuditLog(10)
  const bus = new Bus(new MemoryStore(), {
    canRun: () => false,
    run: () => Promise.reject(new Error('no lane is worked here')),
  })
  const api = createKernelApi({ bus, audit }) as HostApi
  const call = async <Name extends ProcedureName>(name: Name, input: object): Promise<ProcedureOutput<Name>> => {
    const procedure = procedures[name]
    const answer = await api[name](procedure.input.parse(input) as never, caller)
    return JSON.parse(JSON.stringify(procedure.output.parse(answer)))
  }
  return { audit, call }
}

test('agents, batches and packets cross the wire as JSON, whole numbers of any size included', async () => {
  const { call } = start()
  const data = { n: { $type: 'bigint', value: '1180591620717411303424' } }
  const agent = await call('kernel.spawn', { yool: 'a.b.c', data })
  expect(agent).toMatchObject({ state: 'waiting', data, wall: null })
  const batch = await call('kernel.batchSpawn', { yool: 'a.b.c', depth: 20, branching: 32, lane: 'dev' })
  expect(batch.leaves).toBe(String(2n ** 100n))
  const { agent: leaf } = await call('kernel.leaf', { batch: batch.id, leaf: String(2n ** 100n - 1n) })
  expect(leaf?.map.slice(2)).toEqual(Array(20).fill(31))
  expect(await call('kernel.routePacket', { agent: agent.id, packet: { more: 1 } })).toMatchObject({
    agent: { data: { ...data, more: 1 } },
  })
  expect(await call('kernel.snapshot', {})).toMatchObject({ active: 3, virtual: String(2n ** 100n - 1n) })
  expect((await call('kernel.compress', { id: agent.id })).state).toBe('compressed')
  expect((await call('kernel.restore', { id: agent.id })).data).toEqual({ ...data, more: 1 })
  expect(await call('kernel.scanIndex', { yool: 'a.b.c', limit: 0 })).toEqual({ agents: [], matched: 3 })
})

test('what is hooked to a wall is in the audit log', async () => {
  const { audit, call } = start()
  await call('kernel.hook', { wall: 'w', capability: 'a.b.c', reason: 'they need it' })
  expect(await call('kernel.check', { wall: 'w', capability: 'a.b.c' })).toEqual({ passes: true })
  expect(await call('kernel.unhook', { wall: 'w', capability: 'a.b.c' })).toMatchObject({ removed: true })
  await expect(call('kernel.spawn', { yool: 'a.b.c', wall: 'w' })).rejects.toMatchObject({ kind: 'not-allowed' })
  const entries = audit.query(undefined, 0, 10).entries.map(({ action, target }) => `${action} ${target}`)
  expect(entries.sort()).toEqual(['hook wall w', 'unhook wall w'])
})
