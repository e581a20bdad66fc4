import { firstSet, positiveFrom } from '../../throttle/environment.ts'

/** Bounds and defaults of the kernel. */
export interface KernelPolicy {
  /** Agents that may wait in one lane; further ones are refused. */
  readonly queueMax: number
  /** Agents that may be unfinished or unpacked at once; further ones are refused. */
  readonly agentsMax: number
  /** Finished agents beyond this many active ones are packed. */
  readonly compressionThreshold: number
  /** Packed finished agents that are kept. */
  readonly compressedMax: number
  readonly batchesMax: number
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The original's variables, `YOOL_TUPLE_X` before `YOOL_X`, with its parsing and defaults. Unlike there a 0 is a 0: it asks for
 * every finished agent to be packed at once.
 */
export function kernelPolicyFrom(environment: Environment): KernelPolicy {
  const positive = (name: string, standard: number) => positiveFrom(environment, namesOf(name), standard)
  return {
    queueMax: positive('QUEUE_MAXSIZE', 8192),
    agentsMax: 100_000,
    compressionThreshold: zeroOr(environment, 'COMPRESSION_THRESHOLD', positive('COMPRESSION_THRESHOLD', 1024)),
    compressedMax: 65_536,
    batchesMax: 10_000,
  }
}

function namesOf(name: string): readonly string[] {
  return [`YOOL_TUPLE_${name}`, `YOOL_${name}`]
}

function zeroOr(environment: Environment, name: string, otherwise: number): number {
  return /^\s*[+-]?0+\s*$/.test(firstSet(environment, namesOf(name)) ?? '') ? 0 : otherwise
}
