import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sideEffect, writeSnapshot } from './workspace.fixture.ts'

export const manyWrites = 'many::WF_WRITE_V0'
const perRun = { keys: 50, events: 50 }

/** For tests: a workflow that registers 50 keys, always the same ones, and appends 50 events. Its output has a status for each key. */
export function writeManyWrites(workspace: string): void {
  const step = { on_result: null }
  const steps = Array.from({ length: Math.max(perRun.keys, perRun.events) }, (_, at) => [
    {
      ...step,
      addr: 3,
      op: 'REGISTER',
      step_id: `k${at}`,
      inputs: { key: `key ${at}` },
      outputs: { [`k${at}`]: '$.result_status' },
    },
    { ...step, addr: 4, op: 'APPEND', step_id: `e${at}`, inputs: { record: '$.inputs.run' }, outputs: {} },
  ])
  writeSnapshot(workspace, 'many', {
    names: ['WF_WRITE_V0', 'IN_WRITE_V0', 'RB_V0', 'CS_REGISTRY_V0', 'CS_LOG_V0', 'CC_WRITE_V0'].map(
      (code) => `many::${code}`,
    ),
    dispatch: {
      entry: { 0: { start: 5, rb: 2 } },
      routing: { 0: {} },
      bindings: { 0: { 5: { run: '$.payload.run' } } },
      pipeline: { 5: steps.flat() },
    },
    handlers: {
      cs: {
        3: sideEffect('CS_REGISTRY_V0', 'RegistryRuntime'),
        4: sideEffect('CS_APPENDONLY_JSONL_V0', 'AppendOnlyJsonlRuntime'),
      },
      rb_policy: {
        2: {
          3: { policy: { path: '{{module_data_root}}/names.jsonl' } },
          4: { policy: { path: '{{module_data_root}}/events.jsonl' } },
        },
      },
    },
  })
}

/** How many keys a run of it says that it registered. */
export function registeredBy(output: Readonly<Record<string, unknown>>): number {
  return Object.values(output).filter((status) => status === 'SUCCESS').length
}

/** What several runs of it left in their stores. */
export function writtenIn(dataRoot: string): {
  readonly numbers: number[]
  readonly keys: string[]
  readonly runs: number
} {
  const linesOf = (name: string): Record<string, unknown>[] =>
    readFileSync(join(dataRoot, name), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
  const events = linesOf('events.jsonl')
  return {
    numbers: events.map((event) => Number(event.sequence_number)),
    keys: linesOf('names.jsonl').map((record) => String(record.key)),
    runs: new Set(events.map(({ record }) => record)).size,
  }
}
