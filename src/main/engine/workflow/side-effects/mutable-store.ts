import { isBlank } from '../../json/blank-text.ts'
import { equals } from '../../json/equality.ts'
import { emptyObject, isArray, isObject, type JsonObject, type JsonValue, objectAt } from '../../json/value.ts'
import type { ObjectStore } from '../stores/object-file.ts'
import {
  entityPath,
  type OperationCall,
  type Operations,
  operationsOf,
  orBackendError,
  requireMetadata,
  result,
  type SideEffectFactory,
  type SideEffectPorts,
  type SideEffectSetup,
} from './side-effect.ts'

/** Values under keys, in one file per entity that is replaced as a whole. */
export const mutableStore: SideEffectFactory = (setup, ports) => operationsOf(basicOperations(setup, ports))

/** As `mutableStore`, also for many records at once. */
export const mutableStoreOfRecords: SideEffectFactory = (setup, ports) => {
  const on = onStore(setup, ports)
  const changing = onStore(setup, ports, true)
  return operationsOf({
    ...basicOperations(setup, ports),
    list: on(({ content }) => result('SUCCESS', { records: [...content.values()], keys: [...content.keys()] })),
    delete_many: changing(deleteMany),
    update_where: changing(updateWhere),
  })
}

interface StoreCall {
  readonly store: ObjectStore
  readonly content: JsonObject
  readonly inputs: JsonObject
}

function basicOperations(setup: SideEffectSetup, ports: SideEffectPorts): Operations {
  for (const part of ['capability', 'operations']) requireMetadata(setup, part)
  const on = onStore(setup, ports)
  const changing = onStore(setup, ports, true)
  return {
    read: on(withKey((key, { content }) => found(content.get(key)))),
    write: changing(withKey(write)),
    delete: changing(withKey(remove)),
    exists: on(withKey((key, { content }) => result('SUCCESS', { exists: content.has(key) }))),
    list_keys: on(({ content }) => result('SUCCESS', { keys: [...content.keys()] })),
  }
}

/** A step that names no known entity stops the run; a file that is no JSON object is a BACKEND_ERROR. */
function onStore(setup: SideEffectSetup, { stores }: SideEffectPorts, changes = false) {
  return (work: (call: StoreCall) => JsonObject) =>
    ({ inputs, entity }: OperationCall): JsonObject => {
      const store = stores.object(entityPath(setup, entity))
      const run = (): JsonObject => work({ store, content: store.read(), inputs })
      return orBackendError(() => (changes ? store.exclusively(run) : run()))
    }
}

function withKey(work: (key: string, call: StoreCall) => JsonObject): (call: StoreCall) => JsonObject {
  return (call) => {
    const key = call.inputs.get('key')
    return typeof key === 'string' && !isBlank(key) ? work(key, call) : result('VIOLATION')
  }
}

function found(value: JsonValue | undefined): JsonObject {
  return value === undefined ? result('NOT_FOUND') : result('SUCCESS', { value })
}

function write(key: string, { store, content, inputs }: StoreCall): JsonObject {
  store.write(new Map(content).set(key, inputs.get('value') ?? null))
  return result('SUCCESS')
}

function remove(key: string, { store, content }: StoreCall): JsonObject {
  if (!content.has(key)) return result('NOT_FOUND')
  store.write(without(content, [key]))
  return result('SUCCESS')
}

function deleteMany({ store, content, inputs }: StoreCall): JsonObject {
  const wanted = inputs.get('keys') ?? []
  const keys = new Set(isArray(wanted) ? wanted.filter((key) => typeof key === 'string' && content.has(key)) : [])
  store.write(without(content, [...keys]))
  return result('SUCCESS', { drained_count: keys.size })
}

function updateWhere({ store, content, inputs }: StoreCall): JsonObject {
  const filter = objectAt(inputs, 'filter') ?? emptyObject
  const updates = objectAt(inputs, 'updates') ?? emptyObject
  const updated = new Map(content)
  const matched: string[] = []
  for (const [key, record] of content) {
    if (!isObject(record) || !matches(record, filter)) continue
    updated.set(key, withUpdates(record, updates))
    matched.push(key)
  }
  if (matched.length === 0) return result('VIOLATION', { matched_keys: [], updated_count: 0 })
  store.write(updated)
  return result('SUCCESS', { matched_keys: matched, updated_count: matched.length })
}

function matches(record: JsonObject, filter: JsonObject): boolean {
  for (const [field, wanted] of filter) if (!equals(record.get(field) ?? null, wanted)) return false
  return true
}

/** Null removes a field. */
function withUpdates(record: JsonObject, updates: JsonObject): JsonObject {
  const updated = new Map(record)
  for (const [field, value] of updates) {
    if (value === null) updated.delete(field)
    else updated.set(field, value)
  }
  return updated
}

function without(content: JsonObject, keys: readonly JsonValue[]): JsonObject {
  return new Map([...content].filter(([key]) => !keys.includes(key)))
}
