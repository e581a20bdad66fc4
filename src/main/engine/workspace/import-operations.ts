import { type RegisteredOperation, registryKey } from '../../../shared/model/runtime.ts'

type Registry = Map<string, RegisteredOperation>
type Class = new () => unknown

/** Every operation declared in this thread, by operation type. */
export function operationRegistry(): Registry {
  const holder = globalThis as { [registryKey]?: Registry }
  holder[registryKey] ??= new Map()
  return holder[registryKey]
}

/**
 * Imports an operations module into this thread, after which its operations are in the registry. Also gives instance
 * methods their instance: a decorator never sees the class of a method, but the module's exports show it.
 * @returns by operation type, under which name the module exports it: `resize`, `Images.resize`, `Images.prototype.resize`.
 */
export async function importOperations(moduleUrl: string): Promise<ReadonlyMap<string, string>> {
  const namespace: Record<string, unknown> = await import(/* @vite-ignore */ moduleUrl)
  const exported = new Map<string, string>()
  for (const [name, value] of Object.entries(namespace)) {
    if (typeof value !== 'function') continue
    const operationType = operationTypeOf(value)
    if (operationType !== null) exported.set(operationType, name)
    else findMethods(name, value as Class, exported)
  }
  return exported
}

function findMethods(name: string, owner: Class, exported: Map<string, string>): void {
  for (const [method, operationType] of guardedProperties(owner)) exported.set(operationType, `${name}.${method}`)
  const receiver = onePerThread(owner)
  for (const [method, operationType] of guardedProperties(owner.prototype)) {
    exported.set(operationType, `${name}.prototype.${method}`)
    const registered = operationRegistry().get(operationType)
    if (registered !== undefined) operationRegistry().set(operationType, { ...registered, receiver })
  }
}

/** Names and operation types; getters are not called. */
function guardedProperties(holder: object | undefined): readonly (readonly [string, string])[] {
  const properties = Object.entries(Object.getOwnPropertyDescriptors(holder ?? {}))
  return properties.flatMap(([name, property]) => {
    const operationType = operationTypeOf(property.value)
    return operationType === null ? [] : [[name, operationType] as const]
  })
}

function operationTypeOf(value: unknown): string | null {
  const named = typeof value === 'function' && 'operationType' in value
  return named && typeof value.operationType === 'string' ? value.operationType : null
}

/** Made at the first call, because a constructor may open what only calls need. */
function onePerThread(owner: Class): () => unknown {
  let instance: unknown
  return () => {
    instance ??= new owner()
    return instance
  }
}
