import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ContractClient } from '../../shared/contract/client.ts'
import type { WorkflowRunRow } from '../../shared/contract/workflows.ts'
import { manyWrites, writeManyWrites, writtenIn } from '../engine/workflow/many-writes.fixture.ts'
import { writeSnapshot } from '../engine/workflow/workspace.fixture.ts'
import { type ControlHost, startControl } from './control-host.ts'
import { PortTransport } from './port-transport.ts'

const oneOperation = `import { taskTokenGuard } from 'guardhouse'
export const one = taskTokenGuard({ operationType: 'one' })(() => 1)
`

/** The sample's workflow on real workers, through the contract. */
describe('a run of a workflow', () => {
  const state = mkdtempSync(join(tmpdir(), 'guardhouse-runs-'))
  let control: ControlHost
  let client: ContractClient

  beforeAll(async () => {
    control = await startControl({
      options: {},
      host: 'server',
      readOnly: false,
      workspace: null,
      journal: null,
      stateDirectory: state,
    })
    client = new ContractClient(new PortTransport(control.connect({ kind: 'window', name: 'test', readOnly: false })))
    await client.call('workspace.openSample', {})
  }, 60_000)

  afterAll(async () => {
    await control.shutdown({ mode: 'abort' })
    rmSync(state, { recursive: true, force: true })
  }, 60_000)

  async function finished(run: string): Promise<WorkflowRunRow> {
    for (;;) {
      const { rows } = await client.call('workflows.runs', { filter: { text: run } })
      const row = rows.find(({ id }) => id === run)
      if (row !== undefined && row.state !== 'waiting' && row.state !== 'running') return row
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  async function until(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20))
  }

  it('is a lead token whose operations are its children, and tells where each ran', async () => {
    const { workflows } = await client.call('workflows.list', {})
    expect(workflows.find(({ name }) => name === 'sample.words')).toMatchObject({
      kind: 'graph',
      nodes: 8,
      problems: [],
    })
    const { run, token } = await client.call('workflows.start', { workflow: 'sample.words' })
    const outcome = await client.call('tokens.outcome', { id: token })
    expect(outcome).toMatchObject({ state: 'COMPLETED', value: { status: 'SUCCESS', result: { verdict: 'right' } } })
    expect(await finished(run)).toMatchObject({ state: 'completed', status: 'SUCCESS', left: 6, nodes: 8, error: null })
    const children = await client.call('tokens.query', { filter: { parent: token } })
    expect(children.matched).toBe(10)
    const { graph, progress } = await client.call('workflows.run', { run })
    const stateOf = (id: string) => progress.states[graph.nodes.findIndex((node) => node.id === id)]
    expect([stateOf('merge'), stateOf('praise'), stateOf('alarm')]).toEqual([2, 2, 0])
    const { rows, matched } = await client.call('workflows.steps', { run, limit: 1000 })
    expect(matched).toBe(10)
    expect(rows.every(({ core, startedAt, endedAt }) => core !== null && core >= 1 && endedAt >= startedAt)).toBe(true)
    const step = await client.call('workflows.step', { run, step: rows.findIndex(({ name }) => name === 'merge') })
    expect(step).toMatchObject({ nodeId: 'merge', to: ['judge'], status: 'SUCCESS' })
    expect(JSON.parse(step.output.text)).toMatchObject({ files: 3 })
    const { events, total } = await client.call('workflows.events', { run, limit: 1 })
    expect(total).toBe(24)
    expect(JSON.parse(events[0] ?? '')).toMatchObject({ kind: 'run', workflow: 'sample.words', token })
  })

  it('comes about again as it was when it is replayed, and says at which record it does not', async () => {
    const { run } = await client.call('workflows.start', { workflow: 'sample.words' })
    await finished(run)
    expect(await client.call('workflows.replay', { run })).toMatchObject({ same: true, records: 24, difference: null })
    const evidence = join(state, 'workflow-runs', run, 'run.evidence.ndjson')
    const lines = readFileSync(evidence, 'utf8').split('\n')
    const line = lines.findIndex((text) => text.includes('"kind":"step"'))
    lines[line] = (lines[line] ?? '').replace('"outcome":"SUCCESS"', '"outcome":"FAILURE"')
    writeFileSync(evidence, lines.join('\n'))
    expect(await client.call('workflows.replay', { run })).toMatchObject({
      same: false,
      difference: { line: line + 1, node: 'list' },
    })
  })

  it('that is stopped, or lasts too long, ends with all that it started', async () => {
    const killed = await client.call('workflows.start', { workflow: 'sample.words' })
    await client.call('workflows.stop', { run: killed.run, reason: 'not needed' })
    const late = await client.call('workflows.start', { workflow: 'sample.words', timeout: 1 })
    expect([(await finished(killed.run)).state, (await finished(late.run)).state]).toEqual(['killed', 'timeout'])
    for (const { token } of [killed, late]) {
      const states = ['CREATED', 'WAITING', 'ADMITTED', 'EXECUTING'] as const
      await until(async () => {
        const { matched } = await client.call('tokens.query', { filter: { parent: token, states: [...states] } })
        return matched === 0
      })
    }
  })

  it('waits while everything is paused, goes on when it is resumed, and is taken back by a drain', async () => {
    const before = await client.call('workflows.start', { workflow: 'sample.words' })
    await finished(before.run)
    await client.call('commands.pause', { scope: { kind: 'all' } })
    const { run } = await client.call('workflows.start', { workflow: 'sample.words' })
    const { rows } = await client.call('workflows.runs', { filter: { text: run } })
    expect(rows[0]?.state).toBe('waiting')
    // A replay runs no operation, so that nothing of it is paused.
    expect(await client.call('workflows.replay', { run: before.run })).toMatchObject({ same: true })
    await client.call('commands.resume', { scope: { kind: 'all' } })
    expect((await finished(run)).state).toBe('completed')
    await client.call('commands.pause', { scope: { kind: 'all' } })
    const drained = await client.call('workflows.start', { workflow: 'sample.words' })
    await client.call('commands.drain', { scope: { kind: 'all' } })
    expect((await finished(drained.run)).state).toBe('killed')
    await client.call('commands.resume', { scope: { kind: 'all' } })
  })

  it('differs from another where the payload led elsewhere', async () => {
    const first = await client.call('workflows.start', { workflow: 'sample.words' })
    const second = await client.call('workflows.start', { workflow: 'sample.words', payload: { expected: 1 } })
    await Promise.all([finished(first.run), finished(second.run)])
    const same = await client.call('workflows.compare', { left: first.run, right: first.run })
    expect(same).toMatchObject({ same: true, first: null })
    const other = await client.call('workflows.compare', { left: first.run, right: second.run })
    expect(other).toMatchObject({ same: false, first: { kind: 'inputs', node: 'judge' } })
  })

  it('is refused with a payload that is not as declared, and leaves nothing behind', async () => {
    const start = client.call('workflows.start', { workflow: 'sample.words', payload: { expected: 'many' } })
    await expect(start).rejects.toThrow('payload field expected of sample.words must be of type integer, not "many"')
    await expect(client.call('workflows.start', { workflow: 'sample.wrods' })).rejects.toMatchObject({
      kind: 'not-found',
      hint: 'Did you mean sample.words?',
    })
  })

  it('can be exported and taken in again, in pieces', async () => {
    const { run } = await client.call('workflows.start', { workflow: 'sample.words' })
    await finished(run)
    const { events } = await client.call('workflows.events', { run, limit: 1000 })
    const text = `${events.join('\n')}\n`
    const half = Math.floor(text.length / 2)
    const begun = await client.call('workflows.import', { name: 'run.jsonl', text: text.slice(0, half), last: false })
    const done = await client.call('workflows.import', {
      ...{ upload: begun.upload, name: 'run.jsonl', text: text.slice(half), last: true },
    })
    const imported = await client.call('workflows.run', { run: done.run ?? '' })
    expect(imported.run).toMatchObject({
      kind: 'import',
      state: 'imported',
      workflow: 'sample.words',
      status: 'SUCCESS',
    })
    expect(imported.graph.nodes).toHaveLength(6)
    expect(await client.call('workflows.replay', { run: done.run ?? '' })).toMatchObject({ same: true })
    await expect(client.call('workflows.import', { name: 'x.jsonl', text: '{"a":1}\n' })).rejects.toThrow(
      'x.jsonl is no trace',
    )
  })

  it('leaves nothing of an import that is given up', async () => {
    const folders = () => readdirSync(join(state, 'workflow-runs')).length
    const before = folders()
    const { upload } = await client.call('workflows.import', { name: 'a.jsonl', text: '{"kind":"run",', last: false })
    expect(folders()).toBe(before + 1)
    expect(await client.call('workflows.abandonImport', { upload })).toEqual({ abandoned: true })
    expect(await client.call('workflows.abandonImport', { upload })).toEqual({ abandoned: false })
    expect(folders()).toBe(before)
    await expect(client.call('workflows.import', { upload, name: 'a.jsonl', text: '}\n' })).rejects.toThrow(
      'there is no such import under way',
    )
  })

  /** 8 runs at once over one data root. */
  async function runMany(folder: string): Promise<void> {
    writeManyWrites(folder)
    const dataRoot = join(folder, 'many')
    const starts = Array.from({ length: 8 }, (_, run) =>
      client.call('workflows.start', { workflow: manyWrites, payload: { run }, dataRoot }),
    )
    const rows = await Promise.all((await Promise.all(starts)).map(({ run }) => finished(run)))
    expect(rows.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 'SUCCESS'))
    const { numbers, keys, runs } = writtenIn(dataRoot)
    expect(numbers).toEqual(Array.from({ length: 400 }, (_, index) => index + 1))
    expect([keys.length, new Set(keys).size, runs]).toEqual([50, 50, 8])
    const staged = { workflow: manyWrites, payload: { run: 9 }, dataRoot: join(folder, 'staged'), transaction: true }
    const { run } = await client.call('workflows.start', staged)
    expect(await finished(run)).toMatchObject({ status: 'SUCCESS' })
    expect(writtenIn(staged.dataRoot).numbers).toHaveLength(50)
  }

  // Last, because it opens another workspace.
  it('of a sealed snapshot in the workspace is a token too, with its own evidence', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'guardhouse-snapshot-'))
    try {
      writeSnapshot(folder, 'shop', {
        names: ['shop::WF_ORDER_V0', 'shop::RB_ORDER_V0', 'shop::CC_CHECK_V0'],
        dispatch: {
          entry: { '0': { start: 2, rb: 1 } },
          routing: { '0': { '2': {} } },
          pipeline: { '2': [] },
          bindings: { '0': { '2': { part: '$.payload.part' } } },
        },
        handlers: { ct: {}, cs: {}, rb_policy: {} },
      })
      writeFileSync(join(folder, 'one.ops.ts'), oneOperation)
      await client.call('workspace.open', { path: folder })
      await client.call('workspace.trust', { path: folder })
      const { workflows } = await client.call('workflows.list', {})
      expect(workflows).toMatchObject([{ name: 'shop::WF_ORDER_V0', kind: 'snapshot', problems: [] }])
      const { run } = await client.call('workflows.start', { workflow: 'shop::WF_ORDER_V0', payload: { part: 7 } })
      expect(await finished(run)).toMatchObject({
        kind: 'snapshot',
        state: 'completed',
        status: 'SUCCESS',
        error: null,
      })
      expect(await client.call('workflows.replay', { run })).toMatchObject({ same: true, difference: null })
      const { graph, result } = await client.call('workflows.run', { run })
      expect(graph.nodes.map(({ name }) => name)).toEqual(['shop::CC_CHECK_V0'])
      expect(JSON.parse(result?.text ?? '')).toEqual({ part: 7 })
      await runMany(folder)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }, 60_000)
})
