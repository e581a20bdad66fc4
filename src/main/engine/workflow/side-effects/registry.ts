import { isObject, type JsonObject, type JsonValue, object } from '../../json/value.ts'
import type { Entropy } from '../ports.ts'
import type { RegistryStore } from '../stores/registry-file.ts'
import {
  entityPath,
  hasStorageStructure,
  type OperationCall,
  type Operations,
  operationsOf,
  orBackendError,
  requiredPath,
  requireMetadata,
  result,
  type SideEffectFactory,
  type SideEffectPorts,
  type SideEffectSetup,
} from './side-effect.ts'

/** Records under unique keys. Its file is always the one of the policy. */
export const registry: SideEffectFactory = (setup, ports) => {
  requireMetadata(setup, 'capability')
  const path = requiredPath(setup)
  return operationsOf(registryOperations(() => ports.stores.registry(path), ports))
}

/** As `registry`, also with one file per entity, and able to count. */
export const registryOfEntities: SideEffectFactory = (setup, ports) => {
  requireMetadata(setup, 'capability')
  if (!hasStorageStructure(setup)) requiredPath(setup)
  const storeFor = ({ entity }: OperationCall): RegistryStore => ports.stores.registry(pathFor(setup, entity))
  return operationsOf({
    ...registryOperations(storeFor, ports),
    count: (call) => using(storeFor, call, (store) => result('SUCCESS', { count: store.count })),
  })
}

function pathFor(setup: SideEffectSetup, entity: string | null): string {
  return entity !== null && hasStorageStructure(setup) ? entityPath(setup, entity) : requiredPath(setup)
}

type StoreFor = (call: OperationCall) => RegistryStore

function registryOperations(storeFor: StoreFor, { entropy }: SideEffectPorts): Operations {
  return {
    register: (call) => changing(storeFor, call, (store) => register(store, call.inputs, entropy)),
    resolve: (call) =>
      lookingUp(using, storeFor, call, (found) => (found === null ? result('NOT_FOUND') : resolved(found))),
    exists: (call) => lookingUp(using, storeFor, call, (found) => result('SUCCESS', { exists: found !== null })),
    deregister: (call) => lookingUp(changing, storeFor, call, deregister),
  }
}

/** Any failure of the file, also a line that is no record, is a BACKEND_ERROR. */
function using(storeFor: StoreFor, call: OperationCall, work: (store: RegistryStore) => JsonObject): JsonObject {
  return orBackendError(() => {
    const store = storeFor(call)
    store.refresh()
    return work(store)
  })
}

/** As `using`, while nobody else changes the registry. */
function changing(storeFor: StoreFor, call: OperationCall, work: (store: RegistryStore) => JsonObject): JsonObject {
  return orBackendError(() => {
    const store = storeFor(call)
    return store.exclusively(() => {
      store.refresh()
      return work(store)
    })
  })
}

function lookingUp(
  access: typeof using,
  storeFor: StoreFor,
  call: OperationCall,
  work: (found: JsonObject | null, store: RegistryStore) => JsonObject,
): JsonObject {
  return access(storeFor, call, (store) => {
    const wanted = call.inputs.get('key_or_address')
    if (wanted === undefined) return result('VIOLATION')
    return work(wanted === null ? null : store.find(wanted), store)
  })
}

function register(store: RegistryStore, inputs: JsonObject, entropy: Entropy): JsonObject {
  const key = inputs.get('key')
  if (key === undefined) return result('VIOLATION')
  if (key !== null && store.has(key)) return result('ALREADY_EXISTS')
  const address = `ADDR_${uniqueDigits(entropy)}`
  const record = new Map<string, JsonValue>([
    ['key', key],
    ['address', address],
  ])
  for (const name of ['target_cs', 'target_ref']) {
    const value = inputs.get(name)
    if (value !== undefined) record.set(name, value)
  }
  const extra = inputs.get('value')
  if (isObject(extra)) for (const [name, value] of extra) record.set(name, value)
  store.append(record)
  return result('SUCCESS', { address })
}

function resolved(found: JsonObject): JsonObject {
  return result('SUCCESS', { target_cs: found.get('target_cs') ?? '', target_ref: found.get('target_ref') ?? '' })
}

function deregister(found: JsonObject | null, store: RegistryStore): JsonObject {
  if (found === null) return result('NOT_FOUND')
  store.append(object({ key: found.get('key') ?? null, address: found.get('address') ?? null, tombstone: true }))
  return result('SUCCESS')
}

/** The 32 digits of a random UUID, version 4 (RFC 9562, section 5.4). */
function uniqueDigits(entropy: Entropy): string {
  const bytes = Uint8Array.from(entropy.bytes(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return Buffer.from(bytes).toString('hex')
}
