import { isTruthy } from '../../json/describe.ts'
import { isObject, type JsonObject, type JsonValue, object, textAt } from '../../json/value.ts'
import type { Clock, Entropy } from '../ports.ts'
import { RunStopped } from '../run/run-stopped.ts'
import { StoreOutside, type Stores } from '../stores/file-stores.ts'

/** What a side effect may touch. */
export interface SideEffectPorts {
  readonly clock: Clock
  readonly entropy: Entropy
  readonly stores: Stores
  /** Runs nested workflows; null where none can be run. */
  readonly executor: WorkflowExecutor | null
  /** Sends mail; null where it cannot be sent. */
  readonly mail: MailSender | null
}

export interface WorkflowOutcome {
  readonly status: string
  /** What the last contract of the run left. */
  readonly surface: JsonObject
}

/** A workflow by name, or by address in the domain of the caller, and what it is given. */
export interface WorkflowCall {
  readonly code: JsonValue
  readonly payload: JsonValue
}

export type SettledCall = { readonly outcome: WorkflowOutcome } | { readonly error: unknown }

/** Runs workflows on behalf of a side effect. */
export interface WorkflowExecutor {
  /** Rejects when the workflow does not exist, or its run stopped with an error. */
  run(call: WorkflowCall): Promise<WorkflowOutcome>
  /** Runs all of them, side by side where that is possible; the answers are in the order of the calls. */
  runAll(calls: readonly WorkflowCall[]): Promise<readonly SettledCall[]>
}

export interface Mail {
  readonly recipient: string
  readonly subject: string
  readonly body: string
}

export interface MailSettings {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly sender: string
}

export type MailSender = (mail: Mail, settings: MailSettings) => Promise<void>

/** How one side effect is set up for one step. */
export interface SideEffectSetup {
  /** Full name, as errors call it. */
  readonly name: string
  /** Its policy, with the data root filled in. */
  readonly config: JsonObject
  readonly metadata: JsonObject
}

/** The inputs of one operation, and the entity whose store is meant, when the step names one. */
export interface OperationCall {
  readonly inputs: JsonObject
  readonly entity: string | null
}

export type OperationResult = JsonObject | Promise<JsonObject>

/** Carries out one operation. What it throws stops the run. */
export type SideEffect = (operation: string, call: OperationCall) => OperationResult

/** Makes a side effect for one step. Throws when it is not set up rightly; that stops the run. */
export type SideEffectFactory = (setup: SideEffectSetup, ports: SideEffectPorts) => SideEffect

/** Operations under their names in lower case. */
export type Operations = Readonly<Record<string, (call: OperationCall) => OperationResult>>

/** A side effect whose operations may be written in any case; an unknown one is a BACKEND_ERROR. */
export function operationsOf(operations: Operations): SideEffect {
  return (operation, call) => {
    const name = operation.toLowerCase()
    const run = Object.hasOwn(operations, name) ? operations[name] : undefined
    return run?.(call) ?? result('BACKEND_ERROR', { message: `No backend handler for op: ${operation}` })
  }
}

export function result(status: string, fields: Readonly<Record<string, JsonValue>> = {}): Map<string, JsonValue> {
  return object({ result_status: status, ...fields })
}

/** Gives BACKEND_ERROR where `work` throws, unless the run itself was stopped or its policy leads out of the data root. */
export function orBackendError(work: () => JsonObject): JsonObject {
  try {
    return work()
  } catch (error) {
    if (error instanceof RunStopped || error instanceof StoreOutside) throw error
    return result('BACKEND_ERROR')
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** `config.path`, which has to be there. */
export function requiredPath({ name, config }: SideEffectSetup): string {
  const path = textAt(config, 'path')
  if (!path) throw new Error(`${name} requires 'path' in config`)
  return path
}

export function requireMetadata({ name, metadata }: SideEffectSetup, part: string): void {
  if (!metadata.has(part)) throw new Error(`${name} requires '${part}' in metadata`)
}

/** Where the store of an entity lies, by the storage structure in the policy. Throws when there is none. */
export function entityPath({ config }: SideEffectSetup, entity: string | null): string {
  if (entity === null) {
    throw new Error(
      'PROTOCOL VIOLATION: Missing __pgs_store_entity__ in payload. ' +
        'CC step must declare store: field for entity-based storage.',
    )
  }
  const stores = entityStores(config)
  const store = stores?.get(entity)
  const path = isObject(store) ? textAt(store, 'path') : null
  if (path === null || !isTruthy(store)) {
    const known = [...(stores?.keys() ?? [])].map((name) => `'${name}'`).join(', ')
    throw new Error(
      `PROTOCOL VIOLATION: Entity '${entity}' not found in STRUCTURE entity_stores. Available entities: [${known}]`,
    )
  }
  return `${textAt(config, 'module_data_root') ?? ''}/${path}`
}

export function hasStorageStructure({ config }: SideEffectSetup): boolean {
  return entityStores(config) !== null
}

function entityStores(config: JsonObject): JsonObject | null {
  let value: JsonValue | undefined = config
  for (const key of ['storage_structure_artifact', 'frontmatter', 'core', 'entity_stores']) {
    value = isObject(value) ? value.get(key) : undefined
  }
  return isObject(value) ? value : null
}
