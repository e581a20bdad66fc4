/** A graph to be drawn: nodes are positions, edges lead between them. */
export interface GraphShape {
  /** The same for the same nodes and edges: layouts are kept under it. */
  readonly hash: string
  /** A folding of another graph: it changes from moment to moment and is laid out at once. */
  readonly folded: boolean
  readonly nodeCount: number
  /** Pairs of positions, from and to, one after the other. */
  readonly ends: Int32Array
}

export interface LanePoint {
  readonly x: number
  readonly y: number
}

/** Where everything is, in pixels at zoom 1; x and y of the upper left corner of each node, one after the other. */
export interface GraphLayout {
  readonly places: Float32Array
  /** By edge, of those that pass other layers: left ends of the lanes, as wide as nodes, through which it passes between them. */
  readonly lanes: ReadonlyMap<number, readonly LanePoint[]>
  readonly width: number
  readonly height: number
}

/** Every node has this size, so that nothing has to be measured. */
export const nodeSize = { width: 176, height: 40 } as const
export const gaps = { layer: 64, row: 16 } as const
