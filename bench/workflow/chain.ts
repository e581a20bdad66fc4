import { performance } from 'node:perf_hooks'
import { findWorkflow } from '../../src/main/engine/workflow/run/walk.ts'
import { load } from '../../src/main/engine/workflow/snapshot/load.ts'
import { fileStores } from '../../src/main/engine/workflow/stores/file-stores.ts'
import { timedRun } from './runs.ts'

const steps = 600

export interface Readings {
  readonly what: string
  readonly unit: string
  readonly readings: readonly number[]
}

/** Loading, and walking with and without trace and evidence, turn by turn so that a disturbance meets all alike. */
export async function measureChain(workspace: string, scratch: string, rounds: number): Promise<Readings[]> {
  const snapshot = load(workspace).domain('bench')
  const workflow = findWorkflow(snapshot, 'bench::WF_CHAIN_V0')
  const plan = { workflow, payload: { seed: 'x' }, stores: fileStores(scratch) }
  const kinds = {
    'walk with trace': { traceFolder: scratch, evidence: false },
    'walk with trace and evidence': { traceFolder: scratch, evidence: true },
    'walk without trace': { traceFolder: null, evidence: false },
  }
  const readings = new Map(Object.keys(kinds).map((kind): [string, number[]] => [kind, []]))
  const loads: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now()
    load(workspace).domain('bench')
    loads.push(performance.now() - began)
    for (const [kind, options] of Object.entries(kinds)) {
      const took = await timedRun({ ...plan, ...options })
      readings.get(kind)?.push((took * 1000) / steps)
    }
  }
  const walks = [...readings].map(([what, values]) => ({ what, unit: 'us/step', readings: values }))
  return [{ what: 'load', unit: 'ms', readings: loads }, ...walks]
}
