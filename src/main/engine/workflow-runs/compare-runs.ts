import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Preview } from '../../../shared/contract/common.ts'
import type { RunComparison, RunDifference } from '../../../shared/contract/workflows.ts'
import type { TraceEvent } from './event-reader.ts'
import type { RunView } from './run-view.ts'
import { valuePreview } from './value-preview.ts'

/** Visits compared before others have their turn: some milliseconds' worth. */
const slice = 200

/**
 * Aligns two runs: the n-th visit of a node in one with the n-th visit of the node of that id in the other, whatever ran
 * beside it. The first difference is that of the visit which the left run entered first, and in it what came first: that it
 * was entered, on what, with what outcome, what it gave, where it led.
 */
export async function compareRuns(left: RunView, right: RunView): Promise<RunComparison> {
  const others = visitsByNode(right)
  const counts = new Map<string, number>()
  const differing = new Map<string, number>()
  let first: RunDifference | null = null
  let compared = 0
  const note = (difference: Difference | null) => {
    if (difference === null) return
    first ??= told(difference)
    differing.set(difference.node, (differing.get(difference.node) ?? 0) + 1)
  }
  for (let visit = 0; visit < left.columns.visitNode.length; visit++) {
    const node = nodeOf(left, visit)
    const ordinal = counts.get(node) ?? 0
    counts.set(node, ordinal + 1)
    const other = others.get(node)?.[ordinal]
    compared += 1
    if (compared % slice === 0) await nextTurn()
    note(other === undefined ? onlyIn(left, node, visit, 'left') : differenceOf(left, right, node, visit, other))
  }
  for (const [node, visits] of others) {
    for (const visit of visits.slice(counts.get(node) ?? 0)) note(onlyIn(right, node, visit, 'right'))
  }
  const nodes = [...differing].map(([node, differences]) => ({ node, differences }))
  return { same: nodes.length === 0, compared, first, nodes }
}

function differenceOf(left: RunView, right: RunView, node: string, a: number, b: number): Difference | null {
  const entered = [left.event(left.columns.enterLine.at(a)), right.event(right.columns.enterLine.at(b))] as const
  const gone = [left.event(left.columns.leaveLine.at(a)), right.event(right.columns.leaveLine.at(b))] as const
  const looks: readonly (readonly [RunDifference['kind'], unknown, unknown])[] = [
    ['inputs', inputsOf(entered[0]), inputsOf(entered[1])],
    ['status', statusOf(left, a), statusOf(right, b)],
    ['output', outputOf(gone[0]), outputOf(gone[1])],
    ['next', gone[0]?.to ?? null, gone[1]?.to ?? null],
  ]
  for (const [kind, one, other] of looks) {
    if (JSON.stringify(one) === JSON.stringify(other)) continue
    return {
      ...{ kind, node, visit: a },
      ...{ left: () => valuePreview(one), right: () => valuePreview(other) },
      ...{ leftStep: () => firstStep(left, a), rightStep: () => firstStep(right, b) },
    }
  }
  return null
}

function onlyIn(view: RunView, node: string, visit: number, side: 'left' | 'right'): Difference {
  const there = () => valuePreview(inputsOf(view.event(view.columns.enterLine.at(visit))))
  const step = () => firstStep(view, visit)
  const nothing = () => null
  const isLeft = side === 'left'
  return {
    ...{ kind: 'node', node, visit },
    ...{ left: isLeft ? there : nothing, right: isLeft ? nothing : there },
    ...{ leftStep: isLeft ? step : nothing, rightStep: isLeft ? nothing : step },
  }
}

/** A difference of which only the first is looked at more closely. */
interface Difference extends Pick<RunDifference, 'kind' | 'node' | 'visit'> {
  readonly left: () => Preview | null
  readonly right: () => Preview | null
  readonly leftStep: () => number | null
  readonly rightStep: () => number | null
}

function told({ kind, node, visit, left, right, leftStep, rightStep }: Difference): RunDifference {
  return { kind, node, visit, left: left(), right: right(), leftStep: leftStep(), rightStep: rightStep() }
}

/** Inputs stand under `inputs` in evidence and under `detail` in compatible traces. */
function inputsOf(event: TraceEvent | null): unknown {
  if (event === null) return null
  return event.inputs ?? (event.detail as TraceEvent | undefined)?.inputs ?? null
}

function outputOf(event: TraceEvent | null): unknown {
  if (event === null) return null
  return event.output ?? (event.detail as TraceEvent | undefined)?.output_keys ?? null
}

function statusOf({ columns }: RunView, visit: number): string | null {
  const status = columns.visitStatus.at(visit)
  return status < 0 ? null : columns.statuses.text(status)
}

function firstStep({ columns }: RunView, visit: number): number | null {
  for (let step = 0; step < columns.stepVisit.length; step++) if (columns.stepVisit.at(step) === visit) return step
  return null
}

function nodeOf({ columns }: RunView, visit: number): string {
  return columns.nodes[columns.visitNode.at(visit)]?.id ?? ''
}

function visitsByNode(view: RunView): Map<string, number[]> {
  const visits = new Map<string, number[]>()
  for (let visit = 0; visit < view.columns.visitNode.length; visit++) {
    const node = nodeOf(view, visit)
    const known = visits.get(node)
    if (known === undefined) visits.set(node, [visit])
    else known.push(visit)
  }
  return visits
}
