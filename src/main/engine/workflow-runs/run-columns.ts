import type { SealedGraph } from '../../../shared/model/workflow-graph.ts'
import { EdgeColumns, type EdgesOfRun, edgesInColumns } from './edge-columns.ts'
import { Names } from './names.ts'
import { doubles, integers } from './number-column.ts'

/** What of a graph is seen of its runs. */
export interface RunShape {
  readonly nodes: readonly NodeOfRun[]
  readonly edges: EdgesOfRun
}

export function shapeOfGraph({ nodes, edges }: SealedGraph): RunShape {
  return {
    nodes: nodes.map(({ id, operation, join }) => ({ id, name: operation, kind: 'contract', join })),
    edges: edgesInColumns(edges),
  }
}

export interface NodeOfRun {
  readonly id: string
  readonly name: string
  readonly kind: 'contract' | 'boundary'
  readonly join: 'any' | 'all'
}

/**
 * What is known of a run, in columns: its nodes and edges, its visits of nodes and the steps within them. Filled event by
 * event; times are microseconds since the first. A graph that nobody declares grows as it is seen.
 */
export class RunColumns {
  readonly nodes: NodeOfRun[] = []
  /** Another one once the graph is declared. */
  edges = new EdgeColumns()
  readonly statuses = new Names()
  readonly stepNames = new Names()
  /** By visit. */
  readonly visitNode = integers()
  readonly enteredAt = doubles()
  /** -1 while it goes on. */
  readonly leftAt = doubles()
  /** -1 while it goes on. */
  readonly visitStatus = integers()
  /** The visit that led here last, -1 at a start. */
  readonly visitAfter = integers()
  readonly enterLine = integers()
  readonly leaveLine = integers()
  readonly visitSteps = integers()
  /** By step. */
  readonly stepVisit = integers()
  readonly stepName = integers()
  readonly stepStatus = integers()
  readonly stepStart = doubles()
  readonly stepEnd = doubles()
  /** -1 where it is not known. */
  readonly stepCore = integers()
  readonly stepWorker = integers()
  readonly stepLine = integers()
  span = 0
  readonly #nodeNumbers = new Map<string, number>()

  /**
   * Takes in the declared graph, in whose order nodes and edges stand from now on. What was seen before keeps its visits and
   * counts; nodes and edges that the graph does not have come behind its own.
   */
  declare({ nodes, edges }: RunShape): void {
    const seen = { nodes: this.nodes.splice(0), edges: this.edges }
    this.#nodeNumbers.clear()
    for (const node of nodes) this.#addNode(node)
    this.edges = new EdgeColumns()
    this.edges.declare(edges)
    const numbers = seen.nodes.map(({ id, name, kind }) => this.node(id, name, kind))
    const numberOf = (node: number) => numbers[node] ?? 0
    for (let visit = 0; visit < this.visitNode.length; visit++) {
      this.visitNode.set(visit, numberOf(this.visitNode.at(visit)))
    }
    const { from, to, outcome, outcomes, taken } = seen.edges
    for (let edge = 0; edge < seen.edges.length; edge++) {
      this.take(numberOf(from.at(edge)), numberOf(to.at(edge)), outcomes.text(outcome.at(edge)), taken.at(edge))
    }
  }

  node(id: string, name: string, kind: NodeOfRun['kind']): number {
    return this.#nodeNumbers.get(id) ?? this.#addNode({ id, name, kind, join: 'any' })
  }

  /** The edge was taken `times` more. */
  take(from: number, to: number, outcome: string, times = 1): void {
    this.edges.take(from, to, outcome, times)
  }

  enter(node: number, at: number, after: number, line: number): number {
    const visit = this.visitNode.length
    this.visitNode.push(node)
    this.enteredAt.push(at)
    this.leftAt.push(-1)
    this.visitStatus.push(-1)
    this.visitAfter.push(after)
    this.enterLine.push(line)
    this.leaveLine.push(-1)
    this.visitSteps.push(0)
    this.#reach(at)
    return visit
  }

  leave(visit: number, at: number, status: string, line: number): void {
    this.leftAt.set(visit, at)
    this.visitStatus.set(visit, this.statuses.number(status))
    this.leaveLine.set(visit, line)
    this.#reach(at)
  }

  step(step: {
    readonly visit: number
    readonly name: string
    readonly status: string
    readonly start: number
    readonly end: number
    readonly core: number
    readonly worker: number
    readonly line: number
  }): void {
    this.stepVisit.push(step.visit)
    this.stepName.push(this.stepNames.number(step.name))
    this.stepStatus.push(this.statuses.number(step.status))
    this.stepStart.push(step.start)
    this.stepEnd.push(step.end)
    this.stepCore.push(step.core)
    this.stepWorker.push(step.worker)
    this.stepLine.push(step.line)
    this.visitSteps.set(step.visit, this.visitSteps.at(step.visit) + 1)
    this.#reach(step.end)
  }

  #reach(at: number): void {
    if (at > this.span) this.span = at
  }

  #addNode(node: NodeOfRun): number {
    this.#nodeNumbers.set(node.id, this.nodes.length)
    return this.nodes.push(node) - 1
  }
}
