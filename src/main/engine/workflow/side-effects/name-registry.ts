import { isBlank } from '../../json/blank-text.ts'
import { isArray, isObject, type JsonObject, object } from '../../json/value.ts'
import type { ObjectStore } from '../stores/object-file.ts'
import { messageOf, requiredPath, requireMetadata, result, type SideEffectFactory } from './side-effect.ts'

/** Addresses under names, in one file. Operations are written in capitals only. */
export const nameRegistry: SideEffectFactory = (setup, { stores }) => {
  requireMetadata(setup, 'capability')
  const store = stores.object(requiredPath(setup))
  if (!store.exists()) store.write(object({}))
  return (operation, { inputs }) => {
    if (operation !== 'READ' && operation !== 'WRITE') {
      return result('VIOLATION', { error: `Unsupported operation: ${operation}` })
    }
    const name = inputs.get('name')
    if (typeof name !== 'string' || isBlank(name)) {
      return result('VIOLATION', { error: 'name must be non-empty string' })
    }
    try {
      return operation === 'READ' ? read(store, name) : store.exclusively(() => write(store, name, inputs))
    } catch (error) {
      return result('BACKEND_ERROR', { error: messageOf(error) })
    }
  }
}

function read(store: ObjectStore, name: string): JsonObject {
  const entry = store.read().get(name)
  if (!isObject(entry)) return result('NOT_FOUND', { resource_addresses: [] })
  return result('SUCCESS', { resource_addresses: entry.get('resource_addresses') ?? [] })
}

function write(store: ObjectStore, name: string, inputs: JsonObject): JsonObject {
  const addresses = inputs.get('resource_addresses')
  if (!isArray(addresses)) return result('VIOLATION', { error: 'resource_addresses must be an array' })
  store.write(new Map(store.read()).set(name, object({ resource_addresses: addresses })))
  return result('SUCCESS', { success: true })
}
