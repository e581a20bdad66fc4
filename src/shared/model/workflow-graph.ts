/**
 * A workflow that a developer writes as a graph of operations, in the form in which it is sealed and run. Everything in it
 * is plain JSON: the same object travels to the lead, to the state directory and to the window.
 */
export interface SealedGraph {
  readonly format: 'guardhouse-graph/1'
  readonly name: string
  readonly description: string | null
  /** What a payload may hold; null: anything. */
  readonly payload: readonly PayloadField[] | null
  readonly nodes: readonly GraphNode[]
  /** In the order in which they are written; ends are positions in `nodes`. */
  readonly edges: readonly GraphEdge[]
  /** Nodes that begin at once, positions in `nodes`. */
  readonly starts: readonly number[]
  /** What the run gives: a template; null for the outputs of the nodes where it ended. */
  readonly result: GraphTemplate | null
  /** Longest run in milliseconds. */
  readonly timeout: number | null
  /** Names of what is left out of everything that is written of a run; left out where there are none. */
  readonly secrets?: readonly string[]
}

/** Plain JSON in which a text that starts with `$.` is a path. */
export type GraphTemplate =
  | null
  | boolean
  | number
  | string
  | readonly GraphTemplate[]
  | { readonly [key: string]: GraphTemplate }

export interface GraphNode {
  readonly id: string
  readonly operation: string
  readonly description: string | null
  /** Templates of the arguments, in order. */
  readonly inputs: readonly GraphTemplate[]
  /** Path to a list: the operation is called once for each of its items, which inputs reach as `$.item`. */
  readonly each: string | null
  /** Path into the output whose text names the outcome; null: success. */
  readonly outcome: string | null
  /** any: runs when at least one edge into it was taken; all: only when every one was. Both wait until all are decided. */
  readonly join: GraphJoin
  /** Milliseconds for one call, beside the tags of the operation. */
  readonly timeout: number | null
}

export const graphJoins = ['any', 'all'] as const
export type GraphJoin = (typeof graphJoins)[number]

export interface GraphEdge {
  readonly from: number
  readonly to: number
  /** `success`, `failure`, or a name that the operation gives. */
  readonly outcome: string
}

export const payloadTypes = ['text', 'number', 'integer', 'boolean', 'list', 'object', 'any'] as const
export type PayloadType = (typeof payloadTypes)[number]

export interface PayloadField {
  readonly name: string
  readonly type: PayloadType
  readonly description: string | null
  readonly required: boolean
  /** Stands for a field that is left out; undefined: none. */
  readonly default?: GraphTemplate | undefined
  readonly choices: readonly string[] | null
  /** It is left out of everything that is written of a run; left out where it is not. */
  readonly secret?: boolean
}

/** Where in a workflow's file something is wrong; line and column are 1-based. */
export interface GraphProblem {
  readonly line: number
  readonly column: number
  readonly message: string
  readonly hint: string | null
}
