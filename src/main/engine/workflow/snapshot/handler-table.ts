import { isTruthy } from '../../json/describe.ts'
import { emptyObject, isObject, type JsonObject, type JsonValue } from '../../json/value.ts'
import type { SnapshotFile } from './snapshot-files.ts'
import { TableReader } from './table-reader.ts'

/** Names an implementation: keys into our own registry, never code that is loaded. */
export interface HandlerReference {
  readonly module: string
  readonly callable: string
}

export interface SideEffectDeclaration {
  readonly handler: HandlerReference
  readonly metadata: JsonObject
}

export interface HandlerTable {
  /** Transform address: its program. */
  readonly transforms: ReadonlyMap<number, JsonObject>
  readonly sideEffects: ReadonlyMap<number, SideEffectDeclaration>
  /** Binding set, side effect: its policy, with `{{module_data_root}}` still in it. */
  readonly policies: ReadonlyMap<number, ReadonlyMap<number, JsonObject>>
}

/** Reads handlers.json; a missing section counts as empty. */
export function readHandlerTable(file: SnapshotFile): HandlerTable {
  const reader = new TableReader(file.path)
  const transforms = new Map<number, JsonObject>()
  for (const [address, value] of reader.object(file.content.get('ct'), 'ct')) {
    const program = reader.object(reader.object(value, `ct.${address}`).get('ct_ir'), `ct.${address}.ct_ir`)
    transforms.set(reader.address(address, 'ct'), program)
  }
  const sideEffects = new Map<number, SideEffectDeclaration>()
  for (const [address, value] of reader.object(file.content.get('cs'), 'cs')) {
    sideEffects.set(reader.address(address, 'cs'), readSideEffect(value, `cs.${address}`, reader))
  }
  const policies = new Map<number, Map<number, JsonObject>>()
  for (const [binding, value] of reader.object(file.content.get('rb_policy'), 'rb_policy')) {
    const bySideEffect = new Map<number, JsonObject>()
    policies.set(reader.address(binding, 'rb_policy'), bySideEffect)
    for (const [address, rule] of reader.object(value, `rb_policy.${binding}`)) {
      const place = `rb_policy.${binding}.${address}`
      bySideEffect.set(reader.address(address, place), choosePolicy(reader.object(rule, place)))
    }
  }
  return { transforms, sideEffects, policies }
}

function readSideEffect(value: JsonValue, place: string, reader: TableReader): SideEffectDeclaration {
  const declaration = reader.object(value, place)
  const handler = reader.object(declaration.get('handler_ref'), `${place}.handler_ref`)
  return {
    handler: {
      module: reader.text(handler.get('module') ?? null, `${place}.handler_ref.module`),
      callable: reader.text(handler.get('callable') ?? null, `${place}.handler_ref.callable`),
    },
    metadata: reader.object(declaration.get('cs_metadata'), `${place}.cs_metadata`),
  }
}

/** `policy` unless it is missing or empty, then `config`. */
function choosePolicy(rule: JsonObject): JsonObject {
  for (const name of ['policy', 'config']) {
    const found = rule.get(name)
    if (isObject(found) && isTruthy(found)) return found
  }
  return emptyObject
}
