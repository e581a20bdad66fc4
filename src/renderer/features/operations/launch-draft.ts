import type { LaunchPlan } from './launch.ts'
import { joinArguments, readArgument, readArgumentList, type TypedProblem } from './launch-arguments.ts'

/** The launch form as it is typed: every field a text. */
export interface LaunchDraft {
  /** fields: one for each parameter. list: all arguments as one JSON list. */
  readonly mode: 'fields' | 'list'
  readonly fields: readonly string[]
  readonly list: string
  readonly count: string
  readonly spread: 'at-once' | 'bursts'
  readonly burstSize: string
  readonly burstEveryMs: string
  readonly timeout: string
  readonly queueTimeout: string
}

/** What is wrong with each field; a field that is right is not there. */
export interface DraftProblems {
  readonly fields: readonly (TypedProblem | null)[]
  readonly list: TypedProblem | null
  readonly count: string | null
  readonly burstSize: string | null
  readonly burstEveryMs: string | null
  readonly timeout: string | null
  readonly queueTimeout: string | null
}

const mostTokens = 1_000_000
/** A day in milliseconds: the longest deadline of the contract, and as long as anybody waits for a burst. */
const dayMs = 86_400_000

/** A form for an operation with these parameters; a rest parameter cannot be a field, so it begins as a list. */
export function emptyDraft(parameters: readonly string[]): LaunchDraft {
  const known = parameters.length > 0 && !parameters.some((parameter) => parameter.startsWith('...'))
  return {
    mode: known ? 'fields' : 'list',
    fields: parameters.map(() => ''),
    list: '',
    count: '1',
    spread: 'at-once',
    burstSize: '10',
    burstEveryMs: '1000',
    timeout: '',
    queueTimeout: '',
  }
}

/** The plan that a draft describes, or what keeps it from being one. */
export function readDraft(
  draft: LaunchDraft,
  operation: string,
): { readonly plan: LaunchPlan | null; readonly problems: DraftProblems } {
  const values = draft.mode === 'fields' ? draft.fields.map(readArgument) : []
  const list = draft.mode === 'list' ? readArgumentList(draft.list) : { value: [] }
  const bursts = draft.spread === 'bursts'
  const count = readWhole(draft.count, 1, mostTokens, 'tokens')
  const burstSize = bursts ? readWhole(draft.burstSize, 1, mostTokens, 'tokens') : { value: 1 }
  const burstEveryMs = bursts ? readWhole(draft.burstEveryMs, 1, dayMs, 'milliseconds') : { value: 1 }
  const timeout = readDeadline(draft.timeout)
  const queueTimeout = readDeadline(draft.queueTimeout)
  const problems: DraftProblems = {
    fields: values.map(typedProblem),
    list: typedProblem(list),
    count: problemOf(count),
    burstSize: problemOf(burstSize),
    burstEveryMs: problemOf(burstEveryMs),
    timeout: problemOf(timeout),
    queueTimeout: problemOf(queueTimeout),
  }
  const wrong = Object.values(problems)
    .flat()
    .some((problem) => problem !== null)
  if (wrong) return { plan: null, problems }
  const typed = draft.mode === 'list' ? typedValue(list) : joinArguments(values.map(typedValue))
  const plan: LaunchPlan = {
    submission: {
      operation,
      arguments: typed as unknown[],
      ...(draft.timeout.trim() === '' ? {} : { timeout: Number(draft.timeout) }),
      ...(draft.queueTimeout.trim() === '' ? {} : { queueTimeout: Number(draft.queueTimeout) }),
    },
    count: Number(draft.count),
    burst: bursts ? { size: Number(draft.burstSize), everyMs: Number(draft.burstEveryMs) } : null,
  }
  return { plan, problems }
}

/** The other way to type the same arguments; what cannot be carried over is left as it was typed before. */
export function switchMode(draft: LaunchDraft, parameters: readonly string[]): LaunchDraft {
  if (draft.mode === 'fields') {
    const values = draft.fields.map(readArgument)
    const right = values.every((read) => 'value' in read)
    const list = right ? JSON.stringify(joinArguments(values.map(typedValue)), null, 2) : draft.list
    return { ...draft, mode: 'list', list: list === '[]' ? '' : list }
  }
  const read = readArgumentList(draft.list)
  const values = 'value' in read ? (read.value as unknown[]) : null
  const fits = values !== null && values.length <= parameters.length
  const fields = fits
    ? parameters.map((_, index) => (index in values ? JSON.stringify(values[index]) : ''))
    : draft.fields
  return { ...draft, mode: 'fields', fields }
}

type Read = { readonly value: unknown } | { readonly problem: unknown }

function typedProblem(read: { readonly value: unknown } | { readonly problem: TypedProblem }): TypedProblem | null {
  return 'problem' in read ? read.problem : null
}

function problemOf(read: { readonly value: number | null } | { readonly problem: string }): string | null {
  return 'problem' in read ? read.problem : null
}

function typedValue(read: Read): unknown {
  return 'value' in read ? read.value : null
}

function readWhole(
  text: string,
  least: number,
  most: number,
  unit: string,
): { readonly value: number } | { readonly problem: string } {
  const value = Number(text)
  if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return { value }
  return { problem: `Give a whole number of ${unit} from ${least} to ${most.toLocaleString('en-US')}.` }
}

function readDeadline(text: string): { readonly value: number | null } | { readonly problem: string } {
  return text.trim() === '' ? { value: null } : readWhole(text, 1, dayMs, 'milliseconds')
}
