import { isTruthy } from '../../json/describe.ts'
import type { JsonObject } from '../../json/value.ts'
import { RunStopped } from '../run/run-stopped.ts'
import {
  messageOf,
  result,
  type SideEffectFactory,
  type SideEffectPorts,
  type WorkflowExecutor,
} from './side-effect.ts'

/** Runs one workflow and answers with its outcome. */
export const workflowGateway: SideEffectFactory = (_, ports) => {
  const executor = requireExecutor(ports)
  return (operation, { inputs }) => {
    if (operation.toUpperCase() !== 'EXECUTE') return unsupported(operation)
    return execute(inputs, executor)
  }
}

export function requireExecutor({ executor }: SideEffectPorts): WorkflowExecutor {
  if (executor === null) throw new Error('workflow_executor must be provided in config')
  return executor
}

export function unsupported(operation: string): JsonObject {
  return result('BACKEND_ERROR', { message: `Unsupported operation: ${operation}` })
}

async function execute(inputs: JsonObject, executor: WorkflowExecutor): Promise<JsonObject> {
  const code = inputs.get('workflow_code') ?? null
  const payload = inputs.get('payload') ?? null
  if (!isTruthy(code)) return result('VIOLATION', { message: 'Missing workflow_code' })
  if (payload === null) return result('VIOLATION', { message: 'Missing payload' })
  try {
    const { status, surface } = await executor.run({ code, payload })
    return result(status, { execution_result: new Map([['status', status], ...surface]) })
  } catch (error) {
    if (error instanceof RunStopped) throw error
    const message = messageOf(error)
    const unknown = message.includes('not in vocab') || message.includes('No entry point')
    return result(unknown ? 'NOT_FOUND' : 'BACKEND_ERROR', { message })
  }
}
