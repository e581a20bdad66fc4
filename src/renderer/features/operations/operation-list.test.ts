import { describe, expect, it } from 'vitest'
import type { OperationInfo } from '../../../shared/contract/operations.ts'
import { listOperations } from './operation-list.ts'

const none = { p50: null, p95: null, p99: null, samples: 0 }
const noCounts = {
  CREATED: 0,
  WAITING: 0,
  ADMITTED: 0,
  EXECUTING: 0,
  COMPLETED: 0,
  FAILED: 0,
  KILLED: 0,
  TIMEOUT: 0,
}

function operation(name: string, change: Partial<OperationInfo> = {}): OperationInfo {
  return {
    operation: name,
    index: 0,
    module: 'a.ops.ts',
    position: null,
    description: null,
    inspection: null,
    parameters: [],
    weight: 'light',
    tags: {},
    availability: 'available',
    paused: false,
    counts: noCounts,
    runs: none,
    waits: none,
    lastError: null,
    ...change,
  }
}

const some = [
  operation('step10', { counts: { ...noCounts, WAITING: 5 } }),
  operation('step9', { runs: { ...none, p50: 12 }, weight: 'heavy' }),
  operation('step2', { description: 'Reads the ledger.', availability: 'failed' }),
]

function names(text: string, by: string, direction: 'ascending' | 'descending' = 'ascending'): string[] {
  return listOperations(some, text, { by, direction }).map((entry) => entry.operation)
}

describe('listOperations', () => {
  it('sorts names as people count', () => {
    expect(names('', 'operation')).toEqual(['step2', 'step9', 'step10'])
    expect(names('', 'operation', 'descending')).toEqual(['step10', 'step9', 'step2'])
  })

  it('sorts by counts, times, weight and availability, equals by name', () => {
    expect(names('', 'WAITING', 'descending')).toEqual(['step10', 'step2', 'step9'])
    expect(names('', 'run-p50', 'descending')).toEqual(['step9', 'step2', 'step10'])
    expect(names('', 'weight')).toEqual(['step9', 'step2', 'step10'])
    expect(names('', 'availability')).toEqual(['step2', 'step9', 'step10'])
  })

  it('finds by name, module, description and error', () => {
    expect(names('LEDGER', 'operation')).toEqual(['step2'])
    expect(names('a.ops', 'operation')).toHaveLength(3)
    expect(names('nothing', 'operation')).toEqual([])
  })
})
