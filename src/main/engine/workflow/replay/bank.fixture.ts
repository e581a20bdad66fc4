import { join } from 'node:path'
import { object } from '../../json/value.ts'
import { countedEntropy, stillClock } from '../ports.fixture.ts'
import { findWorkflow } from '../run/walk.ts'
import { load } from '../snapshot/load.ts'
import { conditionOf, oneAtom, sideEffect, writeSnapshot } from '../workspace.fixture.ts'
import { recordRun } from './replay.fixture.ts'

/** Makes an id, keeps it in a registry, and makes a master key of a seed. */
function writeBank(workspace: string): void {
  const step = (addr: number, op: string | null, inputs: object, outputs: object) => ({
    ...{ addr, op, step_id: `s${addr}`, on_result: null },
    inputs: inputs as Record<string, string>,
    outputs: outputs as Record<string, string>,
  })
  writeSnapshot(workspace, 'bank', {
    names: [
      'WF_OPEN_V0',
      'IN_OPEN_V0',
      'CC_OPEN_V0',
      'CT_ID_V0',
      'CS_REGISTRY_V0',
      'CT_KEY_V0',
      'RB_V0',
      'CC_KEY_V0',
    ].map((code) => `bank::${code}`),
    dispatch: {
      entry: { 0: { start: 1, rb: 6 } },
      routing: { 0: { 1: { [conditionOf('ACK')]: 2 }, 2: { [conditionOf('SUCCESS')]: 7 } } },
      bindings: { 0: { 2: { who: '$.payload.who' }, 7: { seed: '$.payload.seed' } } },
      pipeline: {
        2: [
          step(3, null, { prefix: 'A', data: '$.inputs.who' }, { id: '$.id' }),
          step(4, 'REGISTER', { key: '$.results.s3.id' }, { address: '$.address' }),
        ],
        7: [step(5, null, { seed_bytes: '$.inputs.seed' }, { key: '$.master_private_key_bytes' })],
      },
    },
    handlers: {
      ct: {
        3: oneAtom('ct_pure_generate_id_v0', ['prefix', 'data'], 'id'),
        5: oneAtom('ct_pure_derive_master_key_v0', ['seed_bytes'], 'master_private_key_bytes'),
      },
      cs: { 4: sideEffect('CS_REGISTRY_V0', 'RegistryRuntime') },
      rb_policy: { 6: { 4: { policy: { path: '{{module_data_root}}/accounts.jsonl' } } } },
    },
  })
}

/** Records one run of it; returns the path of the evidence. */
export async function recordBank(folder: string, secrets: readonly string[] = []): Promise<string> {
  writeBank(folder)
  const [path = ''] = await recordRun({
    folder,
    workflow: findWorkflow(load(folder).domain('bank'), 'bank::WF_OPEN_V0'),
    payload: object({ who: 'ada', seed: `0x${'5e'.repeat(16)}` }),
    clock: stillClock(),
    entropy: countedEntropy(),
    dataRoot: join(folder, 'data'),
    secrets,
  })
  return path
}
