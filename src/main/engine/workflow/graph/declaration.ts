import type { Node } from 'yaml'
import type { GraphJoin, GraphTemplate, PayloadField } from '../../../../shared/model/workflow-graph.ts'
import type { Place } from './source-document.ts'

/** A workflow as it is written: names instead of positions, and the place of everything that may be wrong. */
export interface GraphDeclaration {
  readonly name: string
  readonly description: string | null
  readonly payload: readonly PayloadField[] | null
  readonly timeout: number | null
  /** Names of what is left out of everything that is written of a run. */
  readonly secrets: readonly Reference[]
  /** Null: every node without an edge into it. */
  readonly start: readonly Reference[] | null
  readonly nodes: readonly NodeDeclaration[]
  readonly result: PlacedTemplate | null
}

export interface NodeDeclaration {
  readonly id: string
  readonly place: Place
  readonly operation: Reference
  readonly description: string | null
  readonly inputs: readonly PlacedTemplate[]
  readonly each: PlacedTemplate | null
  readonly outcome: Reference | null
  readonly join: GraphJoin
  readonly timeout: number | null
  readonly next: readonly EdgeDeclaration[]
}

export interface EdgeDeclaration {
  readonly outcome: string
  readonly target: Reference
}

/** A name of something that is declared elsewhere. */
export interface Reference {
  readonly name: string
  readonly place: Place
}

export interface PlacedTemplate {
  readonly value: GraphTemplate
  readonly node: Node
}
