import { equals } from '../../json/equality.ts'
import { isObject, type JsonObject, object } from '../../json/value.ts'
import type { Clock } from '../ports.ts'
import type { LogStore } from '../stores/log-file.ts'
import {
  entityPath,
  type OperationCall,
  operationsOf,
  requiredPath,
  requireMetadata,
  result,
  type SideEffect,
  type SideEffectFactory,
  type SideEffectPorts,
} from './side-effect.ts'
import { logTimestamp } from './timestamp.ts'

/** Numbered records in a file that only grows; always the file of the policy. */
export const eventLog: SideEffectFactory = (setup, ports) => {
  requireMetadata(setup, 'capability')
  const path = requiredPath(setup)
  return eventLogIn(() => path, ports)
}

/** As `eventLog`, with one file per entity. */
export const eventLogOfEntities: SideEffectFactory = (setup, ports) => {
  requireMetadata(setup, 'capability')
  return eventLogIn(({ entity }) => entityPath(setup, entity), ports)
}

function eventLogIn(pathFor: (call: OperationCall) => string, { stores, clock }: SideEffectPorts): SideEffect {
  return operationsOf({
    append: (call) => {
      const log = stores.log(pathFor(call))
      return log.exclusively(() => append(log, call.inputs, clock))
    },
    read_all: (call) => readAll(stores.log(pathFor(call)), call.inputs),
  })
}

/** The number of a record is the number of lines before it. */
function append(log: LogStore, inputs: JsonObject, clock: Clock): JsonObject {
  const lines = log.refresh()
  const timestamp = logTimestamp(clock.wallMicroseconds())
  const recordId = `${timestamp}_${String(lines).padStart(6, '0')}`
  log.append(
    object({
      record_id: recordId,
      sequence_number: lines + 1,
      timestamp,
      actor_id: inputs.get('actor_id') ?? null,
      stream_id: inputs.get('stream_id') ?? null,
      record: inputs.get('record') ?? null,
    }),
  )
  return result('SUCCESS', { record_id: recordId, sequence_number: lines + 1 })
}

function readAll(log: LogStore, inputs: JsonObject): JsonObject {
  const wanted = inputs.get('stream_id') ?? null
  const entries = log
    .readAll()
    .filter((entry) => wanted === null || (isObject(entry) && equals(entry.get('stream_id') ?? null, wanted)))
  return result('SUCCESS', { entries })
}
