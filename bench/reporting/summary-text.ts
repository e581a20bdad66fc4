import { formatTable } from '../../src/main/cli/table.ts'
import type { MachineFacts } from './machine-facts.ts'
import { isMet, type Target } from './suite.ts'

export function targetsTable(targets: readonly Target[]): string {
  const columns = [
    { title: 'target' },
    { title: 'measured', align: 'right' },
    { title: 'wanted', align: 'right' },
    { title: '' },
  ] as const
  const rows = targets.map((target) => {
    const { what, measured, wanted, better, unit } = target
    const sign = better === 'larger' ? '>=' : '<'
    return [what, `${measured.toFixed(2)} ${unit}`, `${sign} ${wanted} ${unit}`, isMet(target) ? 'met' : 'MISSED']
  })
  return formatTable(columns, rows)
}

export function machineText(run: {
  readonly date: Date
  readonly machine: MachineFacts
  readonly loadBefore: readonly number[]
  readonly loadAfter: readonly number[]
}): string {
  const { machine } = run
  return [
    `${run.date.toISOString()}, ${machine.cpu}, ${machine.usableCpus} of ${machine.logicalCpus} logical CPUs usable, ${machine.memoryGiB} GiB, Node ${machine.node} (V8 ${machine.v8}), ${machine.platform}`,
    `Load average before ${run.loadBefore.join(' ')}, after ${run.loadAfter.join(' ')}`,
  ].join('\n')
}
