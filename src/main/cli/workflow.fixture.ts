import { join } from 'node:path'
import { conditionOf, oneAtom, sideEffect, writeSnapshot } from '../engine/workflow/workspace.fixture.ts'

/** Options that make a run repeat byte for byte. */
export const fixedRun = [
  '--fixed-clock',
  '2026-01-01T00:00:01Z',
  '--mono-start-ns',
  '1000000000',
  '--entropy-label',
  'test:',
]

/** A workspace with one workflow: make an id of `v`, then store it under that name. */
export function writeShop(workspace: string): void {
  writeSnapshot(workspace, 'shop', {
    names: [
      'shop::WF_ORDER_V0',
      'shop::IN_ORDER_V0',
      'shop::CC_ID_V0',
      'shop::CC_STORE_V0',
      'shop::CT_ID_V0',
      'shop::CS_NAMES_V0',
      'shop::RB_V0',
    ],
    dispatch: {
      entry: { 0: { start: 1, rb: 6 } },
      routing: { 0: { 1: { [conditionOf('ACK')]: 2 }, 2: { [conditionOf('SUCCESS')]: 3 } } },
      bindings: { 0: { 2: { v: '$.payload.v' }, 3: { name: '$.results.2.id' } } },
      pipeline: {
        2: [
          {
            addr: 4,
            op: null,
            step_id: 's',
            inputs: { prefix: 'O', data: '$.inputs.v' },
            outputs: { id: '$.id' },
            on_result: { VIOLATION: 'exit' },
          },
        ],
        3: [
          {
            addr: 5,
            op: 'WRITE',
            step_id: 'w',
            inputs: { name: '$.inputs.name', resource_addresses: ['x'] },
            outputs: { done: '$.success' },
            on_result: null,
          },
        ],
      },
    },
    handlers: {
      ct: { 4: oneAtom('ct_pure_generate_id_v0', ['prefix', 'data'], 'id') },
      cs: { 5: sideEffect('CS_NAME_REGISTRY_V0', 'NameRegistryRuntime') },
      rb_policy: { 6: { 5: { config: { path: '{{module_data_root}}/names.json' } } } },
    },
  })
}

/** The words that run it. */
export function shopWords(folder: string, ...more: readonly string[]): string[] {
  return ['run', '--wf', 'shop::WF_ORDER_V0', '--data-root', join(folder, 'data'), '--workspace', folder, ...more]
}
