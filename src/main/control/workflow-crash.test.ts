import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ContractClient } from '../../shared/contract/client.ts'
import { type ControlHost, startControl } from './control-host.ts'
import { PortTransport } from './port-transport.ts'

const live = ['CREATED', 'WAITING', 'ADMITTED', 'EXECUTING'] as const
const patient = { timeout: 60_000 }

let state: string
let workspace: string
let control: ControlHost | null = null

beforeEach(() => {
  state = realpathSync(mkdtempSync(join(tmpdir(), 'guardhouse-')))
  workspace = realpathSync(mkdtempSync(join(tmpdir(), 'guardhouse-')))
  writeFileSync(
    join(workspace, 'crash.ops.mjs'),
    `import { taskTokenGuard } from 'guardhouse'
     export const first = taskTokenGuard({ operationType: 'crash.first' })(() => [1, 2, 3, 4, 5, 6])
     export const slow = taskTokenGuard({ operationType: 'crash.slow' })(async (ms) => {
       await new Promise((resolve) => setTimeout(resolve, ms))
     })`,
  )
  writeFileSync(
    join(workspace, 'crash.workflow.yaml'),
    `workflow: crash.steps
payload: { key: { type: text, secret: true }, slowly: { type: integer } }
nodes:
  first: { operation: crash.first, inputs: [$.payload.key], then: slow }
  slow: { operation: crash.slow, each: $.results.first, inputs: [$.payload.slowly], then: last }
  last: { operation: crash.first }
`,
  )
})

afterEach(async () => {
  await control?.shutdown({ mode: 'abort' })
  rmSync(state, { recursive: true })
  rmSync(workspace, { recursive: true })
}, 60_000)

test('a host killed in the middle of runs shows at its next start what became of each, and lets none go on without its lead', async () => {
  const host = fork(new URL('./workflow-host.fixture.ts', import.meta.url), [state, workspace])
  const [{ begun, waiting }] = (await once(host, 'message')) as [
    Record<'begun' | 'waiting', { run: string; token: string }>,
  ]
  const exited = once(host, 'exit')
  host.kill('SIGKILL')
  await exited
  const payloadOf = (run: string) => join(state, 'workflow-runs', run, 'payload.json')
  expect([existsSync(payloadOf(begun.run)), existsSync(payloadOf(waiting.run))]).toEqual([true, true])

  control = await startControl({
    ...{ options: {}, host: 'server', readOnly: false, workspace, journal: { path: null }, stateDirectory: state },
  })
  const client = new ContractClient(
    new PortTransport(control.connect({ kind: 'window', name: 'test', readOnly: false })),
  )
  const rowOf = async (run: string) => (await client.call('workflows.run', { run })).run
  await expect.poll(async () => (await rowOf(begun.run)).state, patient).toBe('failed')
  expect(await rowOf(begun.run)).toMatchObject({
    ...{ left: 1, nodes: 3, error: { kind: 'interrupted' }, duration: expect.any(Number) },
  })
  // Every call that it made has an end: those that ran are interrupted, those that waited are not run for nobody.
  const children = (states?: readonly (typeof live)[number][]) =>
    client.call('tokens.query', {
      filter: { parent: begun.token, ...(states === undefined ? {} : { states: [...states] }) },
      limit: 100,
    })
  await expect.poll(async () => (await children([...live])).matched, patient).toBe(0)
  expect((await children()).rows.map(({ operation, state: ended }) => `${operation} ${ended}`)).toContain(
    'crash.first COMPLETED',
  )
  expect((await children()).matched).toBe(7)
  expect((await client.call('workflows.steps', { run: begun.run })).matched).toBe(1)
  expect(await client.call('workflows.replay', { run: begun.run })).toMatchObject({ same: true, brokenOff: true })
  expect(existsSync(payloadOf(begun.run))).toBe(false)

  // What nobody had begun is what it was: it waits, and runs once it may.
  expect(await rowOf(waiting.run)).toMatchObject({ state: 'waiting', error: null })
  await client.call('commands.resume', { scope: { kind: 'all' } })
  await expect.poll(async () => (await rowOf(waiting.run)).state, patient).toBe('completed')
  expect(await client.call('workflows.replay', { run: waiting.run })).toMatchObject({ same: true, brokenOff: false })
  expect(existsSync(payloadOf(waiting.run))).toBe(false)
}, 120_000)
