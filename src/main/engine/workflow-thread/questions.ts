import type { RunReplay, WorkflowInfo } from '../../../shared/contract/workflows.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import type { RunShape } from '../workflow-runs/run-columns.ts'
import type { PreparedRun, PrepareRequest, WorkspaceFolder } from './prepare-run.ts'
import type { ReplayRequest } from './replay-kept.ts'

/** What can be asked of the thread. Everything is plain data. */
export interface WorkflowQuestions {
  /** Every workflow of a workspace. */
  list: { readonly input: WorkspaceFolder; readonly output: readonly WorkflowInfo[] }
  prepare: { readonly input: PrepareRequest; readonly output: PreparedRun }
  /** Nodes and edges of a sealed graph, from its file. */
  shape: { readonly input: string; readonly output: RunShape }
  replay: { readonly input: ReplayRequest; readonly output: RunReplay }
}
export type QuestionName = keyof WorkflowQuestions
export type QuestionInput<Name extends QuestionName> = WorkflowQuestions[Name]['input']
export type QuestionOutput<Name extends QuestionName> = WorkflowQuestions[Name]['output']

export interface Question {
  readonly number: number
  readonly name: QuestionName
  readonly input: unknown
}

/** One of the two is there. */
export interface Answer {
  readonly number: number
  readonly output?: unknown
  readonly error?: ErrorData
}
