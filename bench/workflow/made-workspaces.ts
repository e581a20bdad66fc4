import { conditionOf, oneAtom, sideEffect, writeSnapshot } from '../../src/main/engine/workflow/workspace.fixture.ts'

const contracts = 60
const stepsPerContract = 10

/** One workflow of 60 contracts in a row, each of 10 steps that make an id of the one before: 600 steps, 722 events. */
export function writeChain(workspace: string): void {
  const firstContract = 4
  const names = ['WF_CHAIN_V0', 'IN_CHAIN_V0', 'RB_CHAIN_V0', 'CT_ID_V0']
  const pipeline: Record<string, Step[]> = {}
  const routing: Record<string, Record<string, number>> = { 1: { [conditionOf('ACK')]: firstContract } }
  const bindings: Record<string, Record<string, string>> = {}
  for (let contract = 0; contract < contracts; contract += 1) {
    const address = firstContract + contract
    names.push(`CC_CHAIN_${contract}_V0`)
    bindings[address] = { seed: contract === 0 ? '$.payload.seed' : `$.results.${address - 1}.id` }
    pipeline[address] = Array.from({ length: stepsPerContract }, (_, step) => idStep(step))
    if (contract + 1 < contracts) routing[address] = { [conditionOf('SUCCESS')]: address + 1 }
  }
  writeSnapshot(workspace, 'bench', {
    names: names.map((code) => `bench::${code}`),
    dispatch: { entry: { 0: { start: 1, rb: 2 } }, routing: { 0: routing }, bindings: { 0: bindings }, pipeline },
    handlers: { ct: { 3: oneAtom('ct_pure_generate_id_v0', ['prefix', 'data'], 'id') } },
  })
}

type Step = ReturnType<typeof idStep>

function idStep(step: number) {
  const data = step === 0 ? '$.inputs.seed' : `$.results.s${step - 1}.id`
  return {
    addr: 3,
    op: null,
    step_id: `s${step}`,
    inputs: { prefix: 'N', data },
    outputs: { id: '$.id' },
    on_result: null,
  }
}

/** One workflow that registers an actor and writes an event about it. */
export function writeRegister(workspace: string): void {
  const step = { step_id: 's', on_result: null }
  writeSnapshot(workspace, 'bench', {
    names: [
      'WF_REGISTER_V0',
      'IN_REGISTER_V0',
      'RB_V0',
      'CS_REGISTRY_V0',
      'CS_LOG_V0',
      'CC_REGISTER_V0',
      'CC_EVENT_V0',
    ].map((code) => `bench::${code}`),
    dispatch: {
      entry: { 0: { start: 1, rb: 2 } },
      routing: { 0: { 1: { [conditionOf('ACK')]: 5 }, 5: { [conditionOf('SUCCESS')]: 6 } } },
      bindings: { 0: { 5: { actor: '$.payload.actor' }, 6: { actor: '$.payload.actor' } } },
      pipeline: {
        5: [{ ...step, addr: 3, op: 'REGISTER', inputs: { key: '$.inputs.actor' }, outputs: { address: '$.address' } }],
        6: [{ ...step, addr: 4, op: 'APPEND', inputs: { record: '$.inputs.actor' }, outputs: { id: '$.record_id' } }],
      },
    },
    handlers: {
      cs: {
        3: sideEffect('CS_REGISTRY_V0', 'RegistryRuntime'),
        4: sideEffect('CS_APPENDONLY_JSONL_V0', 'AppendOnlyJsonlRuntime'),
      },
      rb_policy: {
        2: {
          3: { policy: { path: '{{module_data_root}}/actors.jsonl' } },
          4: { policy: { path: '{{module_data_root}}/events.jsonl' } },
        },
      },
    },
  })
}
