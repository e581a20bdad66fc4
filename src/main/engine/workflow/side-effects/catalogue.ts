import type { CapabilityVersion } from '../transforms/catalogue.ts'
import { concurrentWorkflows } from './concurrent-workflows.ts'
import { eventLog, eventLogOfEntities } from './event-log.ts'
import { mutableStore, mutableStoreOfRecords } from './mutable-store.ts'
import { nameRegistry } from './name-registry.ts'
import { registry, registryOfEntities } from './registry.ts'
import { sendEmail } from './send-email.ts'
import type { SideEffectFactory } from './side-effect.ts'
import { workflowGateway } from './workflow-gateway.ts'
import { workflowLoop } from './workflow-loop.ts'

type Entry = readonly [family: string, code: string, callable: string, factory: SideEffectFactory]

const general: readonly Entry[] = [
  ['persistent', 'CS_NAME_REGISTRY_V0', 'NameRegistryRuntime', nameRegistry],
  ['external', 'CS_SEND_EMAIL_V0', 'SendEmailRuntime', sendEmail],
  ['internal', 'CS_WORKFLOW_GATEWAY_V0', 'WorkflowGatewayRuntime', workflowGateway],
]
const byVersion: Readonly<Record<CapabilityVersion, readonly Entry[]>> = {
  '0.3.0': [
    ['persistent', 'CS_REGISTRY_V0', 'RegistryRuntime', registry],
    ['persistent', 'CS_APPENDONLY_JSONL_V0', 'AppendOnlyJsonlRuntime', eventLog],
    ['persistent', 'CS_MUTABLE_JSON_V0', 'MutableJsonRuntime', mutableStore],
  ],
  '0.5.0': [
    ['persistent', 'CS_REGISTRY_V0', 'RegistryRuntime', registryOfEntities],
    ['persistent', 'CS_APPENDONLY_JSONL_V0', 'AppendOnlyJsonlRuntime', eventLogOfEntities],
    ['persistent', 'CS_MUTABLE_JSON_V0', 'MutableJsonRuntime', mutableStoreOfRecords],
    ['internal', 'CS_WORKFLOW_LOOP_V0', 'WorkflowLoopRuntime', workflowLoop],
    ['internal', 'CS_CONCURRENT_WORKFLOWS_V0', 'ConcurrentWorkflowsRuntime', concurrentWorkflows],
  ],
}

/** Every side effect of a generation, under `<module>:<callable>` as snapshots name it. */
export function sideEffectCatalogue(version: CapabilityVersion): ReadonlyMap<string, SideEffectFactory> {
  return new Map(
    [...general, ...byVersion[version]].map(([family, code, callable, factory]) => [
      `pgs_side_effects.implementation.side_effects.${family}.${code}.runtime:${callable}`,
      factory,
    ]),
  )
}
