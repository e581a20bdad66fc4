/** What is wrong with a run that failed. All but a business violation are faults of the system. */
export type FailureClass =
  | 'BUSINESS_VIOLATION'
  | 'EXPRESSION_ERROR'
  | 'SCHEMA_ERROR'
  | 'CT_STRUCTURE_ERROR'
  | 'CS_RUNTIME_ERROR'
  | 'BINDING_ERROR'
  | 'ADMISSION_ERROR'
  | 'GRAPH_STRUCTURE_ERROR'

/** Why and where a run failed. */
export interface Finding {
  readonly failure: FailureClass
  /** Null: the run as a whole. */
  readonly node: string | null
  readonly reason: string
  /** Code of the error event, or the reason with which the run ended. */
  readonly code: string | null
  /** The transform that is meant, when one is known. */
  readonly transform: string | null
}

/** What a contract answered. */
export interface ContractAnswer {
  readonly contract: string
  readonly status: string
}

/** A trace as far as an examiner needs it. */
export interface ExaminedRun {
  readonly traceId: string
  readonly workflow: string
  readonly finding: Finding | null
  readonly answers: readonly ContractAnswer[]
}
