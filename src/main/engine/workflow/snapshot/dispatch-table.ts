import { emptyObject, isObject, type JsonObject, type JsonValue } from '../../json/value.ts'
import type { SnapshotFile } from './snapshot-files.ts'
import { TableReader } from './table-reader.ts'

/**
 * How a dispatch table names the places of a workflow: by the address of the contract, or by a key of the place, so
 * that one contract may stand at several places with different bindings.
 */
export type Dialect = 'address' | 'node-key'

/** A place in a workflow. `key` is null in the address dialect. */
export interface NodeReference {
  readonly address: number
  readonly key: string | null
}

export interface WorkflowEntry {
  readonly start: NodeReference
  /** Address of the binding set; null when the table gives none. */
  readonly binding: number | null
}

/** One step of a contract as the table declares it. */
export interface StepDeclaration {
  readonly stepId: string
  readonly address: number
  /** Operation of a side effect; null for a transform. */
  readonly operation: string | null
  readonly inputs: JsonObject
  readonly outputs: JsonObject
  readonly onResult: JsonObject
}

export interface DispatchTable {
  readonly dialect: Dialect
  readonly entries: ReadonlyMap<number, WorkflowEntry>
  /** Workflow, node, condition address: the next place. */
  readonly routing: ReadonlyMap<number, ReadonlyMap<number, ReadonlyMap<number, NodeReference>>>
  readonly contracts: ReadonlyMap<number, readonly StepDeclaration[]>
  /** Workflow, then contract address or node key: the inputs of the contract there. */
  readonly bindings: ReadonlyMap<number, ReadonlyMap<string, JsonObject>>
}

/** Reads dispatch.json in either dialect; a missing section counts as empty. */
export function readDispatchTable(file: SnapshotFile): DispatchTable {
  const reader = new TableReader(file.path)
  const routingSection = reader.object(file.content.get('routing'), 'routing')
  const dialect = findDialect(routingSection)
  const routing = readRouting(routingSection, reader)
  const contracts = readContracts(reader.object(file.content.get('pipeline'), 'pipeline'), reader)
  const entries = readEntries(reader.object(file.content.get('entry'), 'entry'), dialect, reader)
  const bindings = readBindings(reader.object(file.content.get('bindings'), 'bindings'), dialect, reader)
  return { dialect, entries, routing, contracts, bindings }
}

/** The first routing value tells; a table without any fits both. */
function findDialect(routing: JsonObject): Dialect {
  for (const nodes of routing.values()) {
    if (!isObject(nodes)) continue
    for (const targets of nodes.values()) {
      if (!isObject(targets)) continue
      for (const target of targets.values()) return isObject(target) ? 'node-key' : 'address'
    }
  }
  return 'address'
}

function readRouting(section: JsonObject, reader: TableReader): DispatchTable['routing'] {
  const routing = new Map<number, Map<number, Map<number, NodeReference>>>()
  for (const [workflow, nodesValue] of section) {
    const nodes = new Map<number, Map<number, NodeReference>>()
    routing.set(reader.address(workflow, 'routing'), nodes)
    for (const [node, targetsValue] of reader.object(nodesValue, `routing.${workflow}`)) {
      const place = `routing.${workflow}.${node}`
      const targets = new Map<number, NodeReference>()
      nodes.set(reader.address(node, `routing.${workflow}`), targets)
      for (const [condition, target] of reader.object(targetsValue, place)) {
        targets.set(reader.address(condition, place), readTarget(target, `${place}.${condition}`, reader))
      }
    }
  }
  return routing
}

function readTarget(value: JsonValue, place: string, reader: TableReader): NodeReference {
  if (!isObject(value)) return { address: reader.address(value, place), key: null }
  return {
    address: reader.address(value.get('addr'), `${place}.addr`),
    key: reader.text(value.get('key') ?? null, `${place}.key`),
  }
}

function readContracts(section: JsonObject, reader: TableReader): Map<number, readonly StepDeclaration[]> {
  const contracts = new Map<number, readonly StepDeclaration[]>()
  for (const [contract, steps] of section) {
    const place = `pipeline.${contract}`
    contracts.set(
      reader.address(contract, 'pipeline'),
      reader.list(steps, place).map((step, index) => readStep(step, `${place}[${index}]`, reader)),
    )
  }
  return contracts
}

function readStep(value: JsonValue, place: string, reader: TableReader): StepDeclaration {
  const step = reader.object(value, place)
  const operation = step.get('op') ?? null
  const stepId = step.get('step_id') ?? ''
  return {
    stepId: reader.text(stepId, `${place}.step_id`),
    address: reader.address(step.get('addr'), `${place}.addr`),
    operation: operation === null ? null : reader.text(operation, `${place}.op`),
    inputs: reader.object(step.get('inputs'), `${place}.inputs`),
    outputs: reader.object(step.get('outputs'), `${place}.outputs`),
    onResult: reader.object(step.get('on_result'), `${place}.on_result`),
  }
}

function readEntries(section: JsonObject, dialect: Dialect, reader: TableReader): Map<number, WorkflowEntry> {
  const entries = new Map<number, WorkflowEntry>()
  for (const [workflow, value] of section) {
    const place = `entry.${workflow}`
    const entry = reader.object(value, place)
    const binding = entry.get('rb')
    const key = dialect === 'node-key' ? reader.text(entry.get('start_key') ?? null, `${place}.start_key`) : null
    entries.set(reader.address(workflow, 'entry'), {
      start: { address: reader.address(entry.get('start'), `${place}.start`), key },
      binding: binding === undefined ? null : reader.address(binding, `${place}.rb`),
    })
  }
  return entries
}

function readBindings(
  section: JsonObject,
  dialect: Dialect,
  reader: TableReader,
): Map<number, Map<string, JsonObject>> {
  const bindings = new Map<number, Map<string, JsonObject>>()
  for (const [workflow, places] of section) {
    const byPlace = new Map<string, JsonObject>()
    bindings.set(reader.address(workflow, 'bindings'), byPlace)
    for (const [node, inputs] of reader.object(places, `bindings.${workflow}`)) {
      const place = `bindings.${workflow}.${node}`
      const name = dialect === 'address' ? String(reader.address(node, `bindings.${workflow}`)) : node
      byPlace.set(name, reader.object(inputs, place))
    }
  }
  return bindings
}

/** The inputs bound to a contract at a place of a workflow; none when the table has none. */
export function bindingAt(table: DispatchTable, workflow: number, node: NodeReference): JsonObject {
  return table.bindings.get(workflow)?.get(node.key ?? String(node.address)) ?? emptyObject
}
