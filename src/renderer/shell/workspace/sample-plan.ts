import type { Submission } from '../../../shared/contract/tokens.ts'

export interface SampleStep extends Pick<Submission, 'operation' | 'arguments'> {
  readonly count: number
}

/** What `Run sample` submits. An operation that the sample workspace does not have is left out. */
export const samplePlan: readonly SampleStep[] = []
