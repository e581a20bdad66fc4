import { z } from 'zod'
import { graphJoins, payloadTypes } from '../model/workflow-graph.ts'
import { errorData, freeFields, nothing, preview, reason, tokenId } from './common.ts'
import { procedure, stream } from './procedure.ts'

/** Workflows of a workspace, and their runs. Times within a run are microseconds since its first event. */

export const runId = z.string().min(1).max(256)
export const workflowName = z.string().min(1).max(256)

export const graphProblem = z.object({
  line: z.number(),
  column: z.number(),
  message: z.string(),
  hint: z.string().nullable(),
})

export const payloadField = z.object({
  name: z.string(),
  type: z.enum(payloadTypes),
  description: z.string().nullable(),
  required: z.boolean(),
  default: z.unknown().optional(),
  choices: z.array(z.string()).readonly().nullable(),
  /** It is left out of everything that is written of a run. */
  secret: z.boolean().optional(),
})

export const workflowInfo = z.object({
  name: workflowName,
  /** graph: of operations of the workspace. snapshot: of sealed tables below it. */
  kind: z.enum(['graph', 'snapshot']),
  /** Relative to the workspace. */
  file: z.string(),
  description: z.string().nullable(),
  /** Seal of what would be run; null while there are problems. */
  hash: z.string().nullable(),
  nodes: z.number(),
  edges: z.number(),
  payload: z.array(payloadField).readonly().nullable(),
  problems: z.array(graphProblem).readonly(),
})
export type WorkflowInfo = z.infer<typeof workflowInfo>

export const runStates = ['waiting', 'running', 'completed', 'failed', 'killed', 'timeout', 'imported'] as const
export const runState = z.enum(runStates)
export type RunState = (typeof runStates)[number]

export const runKinds = ['graph', 'snapshot', 'import'] as const

export const workflowRunRow = z.object({
  id: runId,
  workflow: workflowName,
  kind: z.enum(runKinds),
  state: runState,
  /** With which the workflow itself ended, such as SUCCESS; null when it was stopped or goes on. */
  status: z.string().nullable(),
  /** Wall clock, milliseconds since 1970. */
  startedAt: z.number(),
  /** Microseconds; null while it goes on. */
  duration: z.number().nullable(),
  /** Nodes that were left, and all there are; of an import, those that were seen. */
  left: z.number(),
  nodes: z.number(),
  /** Lead token; null for an import. */
  token: tokenId.nullable(),
  /** Seal of what was run; null for an import that does not say. */
  hash: z.string().nullable(),
  error: errorData.nullable(),
})
export type WorkflowRunRow = z.infer<typeof workflowRunRow>

export const runFilter = z.strictObject({
  workflows: z.array(workflowName).max(1000).optional(),
  states: z.array(runState).max(8).optional(),
  /** Runs whose lead is one of these tokens. */
  tokens: z.array(tokenId).max(1000).optional(),
  /** Found in id, workflow, status or error, without regard to case. */
  text: z.string().max(500).optional(),
})
export type RunFilter = z.infer<typeof runFilter>

export const runSortKeys = ['startedAt', 'workflow', 'state', 'duration'] as const
export const runSort = z.strictObject({ by: z.enum(runSortKeys), direction: z.enum(['ascending', 'descending']) })
export type RunSort = z.infer<typeof runSort>

/** What a node of a run looks like, in words for a person: not-reached, running, succeeded, failed, other. */
export const nodeStates = ['not-reached', 'running', 'succeeded', 'failed', 'other'] as const
export type NodeState = (typeof nodeStates)[number]

export const graphNodeView = z.object({
  id: z.string(),
  /** What runs there: an operation or a contract. */
  name: z.string(),
  kind: z.enum(['contract', 'boundary']),
  join: z.enum(graphJoins),
})
/** Columns by edge, for there may be very many: positions of its nodes, and of its outcome in `outcomes`. */
export const graphEdgesView = z.object({
  from: z.array(z.number()),
  to: z.array(z.number()),
  outcome: z.array(z.number()),
  outcomes: z.array(z.string()),
})

/** Columns by position of the node or edge. */
export const runProgress = z.object({
  /** Grows with every event; ask again when the stream tells a greater one. */
  version: z.number(),
  /** False once the run has ended. */
  live: z.boolean(),
  /** Nodes that the columns cover, so that a graph that grew is noticed. */
  nodes: z.number(),
  /** Positions in `nodeStates`. */
  states: z.array(z.number()),
  visits: z.array(z.number()),
  /** Status of the newest visit, a position in `statuses`; -1 before one ended. */
  status: z.array(z.number()),
  statuses: z.array(z.string()),
  /** Microseconds over all visits. */
  durations: z.array(z.number()),
  /** Where its steps ran; -1 where it is not known, -2 for several. */
  cores: z.array(z.number()),
  workers: z.array(z.number()),
  /** How often each edge was taken. */
  taken: z.array(z.number()),
  /** Nodes of the way that decided how long the run took, from its beginning. */
  critical: z.array(z.number()),
  steps: z.number(),
  events: z.number(),
  /** Microseconds that the events cover so far. */
  span: z.number(),
})
export type RunProgress = z.infer<typeof runProgress>

export const workflowRunDetail = z.object({
  run: workflowRunRow,
  graph: z.object({ hash: z.string(), nodes: z.array(graphNodeView), edges: graphEdgesView }),
  progress: runProgress,
  payload: preview.nullable(),
  result: preview.nullable(),
  /** Where its files lie. */
  folder: z.string(),
  /** Lines that could not be read as events, with the first reason. */
  unreadable: z.object({ lines: z.number(), first: z.string().nullable() }),
})
export type WorkflowRunDetail = z.infer<typeof workflowRunDetail>

/** One call of an operation, or one step of a contract. */
export const stepRow = z.object({
  index: z.number(),
  visit: z.number(),
  node: z.number(),
  name: z.string(),
  status: z.string(),
  startedAt: z.number(),
  endedAt: z.number(),
  core: z.number().nullable(),
  worker: z.number().nullable(),
})
export type StepRow = z.infer<typeof stepRow>

export const stepDetail = stepRow.extend({
  nodeId: z.string(),
  token: tokenId.nullable(),
  inputs: preview,
  output: preview,
  failure: z.string().nullable(),
  /** Nodes that its visit led to; null while the visit goes on. */
  to: z.array(z.string()).nullable(),
  /** Steps of the same visit, and which of them this is. */
  position: z.object({ of: z.number(), at: z.number() }),
  /** The event as it is written. */
  raw: preview,
})
export type StepDetail = z.infer<typeof stepDetail>

/** What ran on one lane in a range, with what lies too close together to be told apart drawn as one. */
export const timelineLane = z.object({
  /** `core 1`, or `no core` for steps of which it is not known. */
  name: z.string(),
  core: z.number().nullable(),
  starts: z.array(z.number()),
  ends: z.array(z.number()),
  /** The only step of the span, -1 for several. */
  steps: z.array(z.number()),
  nodes: z.array(z.number()),
  failed: z.array(z.number()),
})
export type TimelineLane = z.infer<typeof timelineLane>

const range = { offset: z.number().int().min(0).default(0), limit: z.number().int().min(1).max(1000).default(100) }
const run = { run: runId }

/** Largest piece of an import in characters. */
export const importPieceLimit = 8 * 1024 * 1024

export const runDifference = z.object({
  /** What differs: a node entered in one run only, its inputs, its status, its output, or where it led. */
  kind: z.enum(['node', 'inputs', 'status', 'output', 'next']),
  node: z.string(),
  visit: z.number(),
  left: preview.nullable(),
  right: preview.nullable(),
  leftStep: z.number().nullable(),
  rightStep: z.number().nullable(),
})
export type RunDifference = z.infer<typeof runDifference>

export const runReplay = z.object({
  same: z.boolean(),
  records: z.number(),
  /** Steps whose recorded answer was taken, because a secret that they need is not recorded. */
  withheld: z.number(),
  /** The run broke off with its host: what its evidence holds was walked, what came behind is not known. */
  brokenOff: z.boolean(),
  /** What the run was made of and is another now. */
  changed: z.array(z.string()),
  /** Null when everything came about again as it was. */
  difference: z
    .object({
      /** Of the evidence, counted from 1. */
      line: z.number(),
      place: z.string(),
      /** Null where it is about no node. */
      node: z.string().nullable(),
      field: z.string(),
      reason: z.string(),
      recorded: preview,
      replayed: preview,
    })
    .nullable(),
})
export type RunReplay = z.infer<typeof runReplay>

export const runComparison = z.object({
  same: z.boolean(),
  compared: z.number(),
  /** The first in the order in which the left run went on; null when there is none. */
  first: runDifference.nullable(),
  /** By node id: how many visits of it differ. */
  nodes: z.array(z.object({ node: z.string(), differences: z.number() })),
})
export type RunComparison = z.infer<typeof runComparison>

export const workflowProcedures = {
  'workflows.list': procedure(
    'read',
    'Every workflow that the open workspace declares, with what is wrong with it.',
    nothing,
    z.object({ workflows: z.array(workflowInfo) }),
  ),
  'workflows.start': procedure(
    'undoable',
    'Start a run of a workflow; it is a token whose operations are its children.',
    z.strictObject({
      workflow: workflowName,
      /** Plain JSON; checked against what the workflow declares. */
      payload: freeFields.default({}),
      /** Longest run in milliseconds. */
      timeout: z.number().positive().max(86_400_000).optional(),
      /** For a workflow of a snapshot: folder of its stores, absolute; left out, `data` in the workspace. */
      dataRoot: z.string().min(1).max(4096).optional(),
      /** For a workflow of a snapshot: change its stores only when the run has succeeded, then all at once. */
      transaction: z.boolean().optional(),
    }),
    z.object({ run: runId, token: tokenId }),
  ),
  'workflows.runs': procedure(
    'read',
    'One page of the runs that are kept.',
    z.strictObject({
      filter: runFilter.default({}),
      sort: runSort.default({ by: 'startedAt', direction: 'descending' }),
      ...range,
    }),
    z.object({ rows: z.array(workflowRunRow), matched: z.number(), kept: z.number(), version: z.number() }),
  ),
  'workflows.run': procedure('read', 'One run with its graph.', z.strictObject(run), workflowRunDetail),
  'workflows.progress': procedure(
    'read',
    'How far a run has come, or had come at a time of it.',
    z.strictObject({ ...run, at: z.number().min(0).optional() }),
    runProgress,
  ),
  'workflows.steps': procedure(
    'read',
    'Steps of a run by range, in the order in which they ended.',
    z.strictObject({
      ...run,
      /** Only steps of the node at this position. */
      node: z.number().int().min(0).optional(),
      /** Found in the name or status, without regard to case. */
      text: z.string().max(500).optional(),
      ...range,
    }),
    z.object({ rows: z.array(stepRow), matched: z.number() }),
  ),
  'workflows.step': procedure(
    'read',
    'Everything known of one step.',
    z.strictObject({ ...run, step: z.number().int().min(0) }),
    stepDetail,
  ),
  'workflows.timeline': procedure(
    'read',
    'What ran on which core between two times of a run.',
    z.strictObject({
      ...run,
      from: z.number(),
      to: z.number(),
      /** Spans shorter than a part of the range this small are drawn together. */
      parts: z.number().int().min(1).max(10_000).default(2000),
    }),
    z.object({ lanes: z.array(timelineLane), idle: z.array(z.array(z.number())) }),
  ),
  'workflows.events': procedure(
    'read',
    'Events of a run by range, each as the line that was written.',
    z.strictObject({ ...run, ...range }),
    z.object({ events: z.array(z.string()), total: z.number() }),
  ),
  'workflows.stop': procedure(
    'destructive',
    'Stop a run: its token and every child token that has not ended are killed.',
    z.strictObject({ ...run, reason: reason.default('') }),
    z.object({ stopped: z.boolean() }),
  ),
  'workflows.import': procedure(
    'undoable',
    'Take in a trace file, a piece at a time; the last piece makes it a run.',
    z.strictObject({
      /** Null for the first piece; then what the first answer gave. */
      upload: z.string().max(64).nullable().default(null),
      name: z.string().min(1).max(255),
      text: z.string().max(importPieceLimit),
      last: z.boolean().default(true),
    }),
    /** `events`: read so far. */
    z.object({ upload: z.string(), run: runId.nullable(), events: z.number() }),
  ),
  'workflows.abandonImport': procedure(
    'undoable',
    'Give up an import that is under way; nothing of it is kept.',
    z.strictObject({ upload: z.string().max(64) }),
    z.object({ abandoned: z.boolean() }),
  ),
  'workflows.replay': procedure(
    'read',
    'Walk a run again from its evidence, with nothing outside touched, and find the first record that comes out otherwise.',
    z.strictObject(run),
    runReplay,
  ),
  'workflows.compare': procedure(
    'read',
    'Align two runs node by node and find where they first differ.',
    z.strictObject({ left: runId, right: runId }),
    runComparison,
  ),
}

export const workflowStreams = {
  workflows: stream(
    'json',
    'Tells that runs have changed, at most ten times a second; ask again for what is shown.',
    nothing,
    z.object({
      /** Runs that changed; null: ask for all again, for some changes were not told. */
      runs: z.array(runId).nullable(),
      version: z.number(),
    }),
  ),
}
