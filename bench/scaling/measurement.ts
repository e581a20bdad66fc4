import { answerParent } from '../child-process.ts'
import { measureBareThreads } from './bare-threads.ts'
import { measureGuardhouse } from './guardhouse-workers.ts'
import type { PinningProof } from './pinning-proof.ts'

/** Entry of a measuring process: so many pieces of fixed work on so many cores. */

export interface ScalingMeasurement {
  readonly kind: 'guardhouse' | 'bare'
  readonly cores: number
  readonly pieces: number
}

export interface ScalingFigure {
  readonly milliseconds: number
  /** Mean time of one piece where it ran, milliseconds. */
  readonly pieceMs: number
  readonly otherLoad: number
  /** Null for bare threads. */
  readonly pinning: PinningProof | null
}

await answerParent((input: ScalingMeasurement) =>
  input.kind === 'guardhouse' ? measureGuardhouse(input) : measureBareThreads(input),
)
