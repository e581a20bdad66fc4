import type { Patience } from './calm.ts'
import type { MachineFacts } from './machine-facts.ts'

/** What one part of the bench found. */
export interface SuiteReport {
  /** For people: tables and sentences. */
  readonly text: string
  /** For programs: every reading. */
  readonly data: object
  readonly targets: readonly Target[]
  /** Proofs that failed: a lost token, a wrong answer. Not a matter of speed, so the command fails. */
  readonly faults: readonly string[]
}

export interface Target {
  readonly what: string
  readonly measured: number
  readonly wanted: number
  /** Whether larger or smaller is better. */
  readonly better: 'larger' | 'smaller'
  readonly unit: string
}

export interface SuiteSettings {
  readonly rounds: number
  readonly machine: MachineFacts
  /** For a calm machine. */
  readonly patience: Patience
  /** Tells a person how far it is. */
  readonly progress: (text: string) => void
}

export type Suite = (settings: SuiteSettings) => Promise<SuiteReport>

export function isMet({ measured, wanted, better }: Target): boolean {
  return better === 'larger' ? measured >= wanted : measured < wanted
}
