import { describeValue, isTruthy, typeName } from '../../json/describe.ts'
import { emptyObject, isArray, isObject, type JsonObject, type JsonValue, object } from '../../json/value.ts'
import { RunStopped } from '../run/run-stopped.ts'
import {
  messageOf,
  result,
  type SettledCall,
  type SideEffectFactory,
  type WorkflowCall,
  type WorkflowExecutor,
} from './side-effect.ts'
import { requireExecutor, unsupported } from './workflow-gateway.ts'

/** Runs several workflows side by side; none is skipped when another fails. */
export const concurrentWorkflows: SideEffectFactory = (_, ports) => {
  const executor = requireExecutor(ports)
  return (operation, { inputs }) => {
    if (operation.toUpperCase() !== 'EXECUTE_CONCURRENT') return unsupported(operation)
    return executeAll(inputs.get('workflows') ?? null, executor)
  }
}

async function executeAll(workflows: JsonValue, executor: WorkflowExecutor): Promise<JsonObject> {
  if (!isArray(workflows) || workflows.length === 0) {
    return result('VIOLATION', { message: 'workflows must be a non-empty list' })
  }
  const entries = workflows.filter(isObject)
  if (!entries.every((entry) => isTruthy(entry.get('code')))) {
    return result('VIOLATION', { message: "each workflows entry must have a 'code' field" })
  }
  const calls = entries.map(
    (entry): WorkflowCall => ({
      code: entry.get('code') ?? null,
      payload: entry.get('payload') ?? emptyObject,
    }),
  )
  if (new Set(calls.map(({ code }) => describeValue(code))).size < calls.length) {
    return result('VIOLATION', { message: 'duplicate workflow codes in workflows list' })
  }
  const wrong = workflows.findIndex((entry) => !isObject(entry))
  const settled = await executor.runAll(wrong < 0 ? calls : calls.slice(0, wrong))
  if (wrong >= 0) throw new Error(`'${typeName(workflows[wrong] ?? null)}' object has no attribute 'get'`)
  const results = settled.map((call, index) => entryOf(calls[index]?.code ?? null, call))
  const succeeded = results.every((entry) => entry.get('result_status') === 'SUCCESS')
  return result(succeeded ? 'SUCCESS' : 'PARTIAL_FAILURE', { results, all_succeeded: succeeded })
}

function entryOf(code: JsonValue, settled: SettledCall): JsonObject {
  if ('outcome' in settled) {
    return object({ code, result_status: settled.outcome.status, outputs: settled.outcome.surface })
  }
  if (settled.error instanceof RunStopped) throw settled.error
  return object({ code, result_status: 'BACKEND_ERROR', outputs: emptyObject, message: messageOf(settled.error) })
}
