import { hash } from 'node:crypto'
import { decodeValue, encodeValue } from '../../../shared/contract/values.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import type { TokenState } from '../../../shared/model/token.ts'
import { fromPlain, toPlain } from '../json/from-plain.ts'
import { parseJson } from '../json/parse.ts'
import { isObject, type JsonObject, type JsonValue, object } from '../json/value.ts'
import type { BodyFiles } from './body-files.ts'
import { canonicalJson } from './canonical-json.ts'
import { instantText } from './instant.ts'
import {
  type Artifact,
  artifactsOf,
  type CallInputs,
  inputHashOf,
  isHash,
  makeReceipt,
  type Receipt,
} from './receipt.ts'

/** The code behind an operation. */
export interface CodeFacts {
  /** Path of the module relative to its workspace. */
  readonly module: string
  /** SHA-256 of the module's file. */
  readonly sha256: string
  /** Fingerprint of all the code of the workspace, so that a changed helper file makes another input. */
  readonly workspace: string
}

/** A call, as much as decides whether it is the same as another. */
export interface CallFacts {
  readonly operation: string
  readonly values: readonly unknown[]
  readonly code: CodeFacts | null
}

/** Everything a receipt tells of a token. Times are microseconds since 1970 UTC. */
export interface TokenFacts extends CallFacts {
  readonly token: string
  readonly parentToken: string | null
  readonly state: TokenState
  readonly result: unknown
  readonly error: ErrorData | null
  readonly createdAt: number
  /** 0 for a token that never ran. */
  readonly startedAt: number
  readonly endedAt: number
  readonly core: number | null
  readonly slot: number | null
  readonly attempts: number
  readonly actions: readonly {
    readonly at: number
    readonly actor: string
    readonly action: string
    readonly reason: string
  }[]
  /** Id of the receipt, or of a token that left none, whose result this token was given instead of running. */
  readonly answeredFrom: string | null
  readonly cpuQuotaPct: number
}

/** Arguments and results larger than this lie in a body, bytes of their canonical JSON. */
const inlineMax = 1024

const statusOf: Readonly<Record<TokenState, string>> = {
  CREATED: 'open',
  WAITING: 'open',
  ADMITTED: 'open',
  EXECUTING: 'open',
  COMPLETED: 'ok',
  FAILED: 'error',
  KILLED: 'killed',
  TIMEOUT: 'timeout',
}

export const resultMime = 'application/vnd.guardhouse.result+json'
const argumentsMime = 'application/vnd.guardhouse.arguments+json'

/** The hash by which a repeated call is recognised. Throws for arguments that JSON cannot say. */
export function callHash(facts: CallFacts): string {
  return inputHashOf(inputsOf(facts))
}

/** Makes the receipt of a token that has ended, and stores its bodies. `children` are receipts of the tokens it called. */
export function tokenReceipt(facts: TokenFacts, children: readonly string[], bodies: BodyFiles): Receipt {
  const artifacts: Artifact[] = []
  const notes: string[] = []
  const run = new Map<string, JsonValue>([
    ['token', facts.token],
    ['parent_token', facts.parentToken],
    ['state', facts.state],
    ['core', facts.core],
    ['slot', facts.slot],
    ['attempts', facts.attempts],
    ['created_at', instantText(facts.createdAt)],
    ['module', facts.code?.module ?? null],
    ['code_sha256', facts.code?.sha256 ?? null],
    ['workspace_code', facts.code?.workspace ?? null],
    ['children', [...children]],
    ['actions', facts.actions.map(actionOf)],
  ])
  if (facts.answeredFrom !== null)
    run.set(isHash(facts.answeredFrom) ? 'answered_from' : 'answered_by_token', facts.answeredFrom)
  const inputs = sayableInputs(facts, notes)
  const text = canonicalJson(inputs.args)
  if (text.length > inlineMax) artifacts.push(bodies.put(Buffer.from(text), argumentsMime))
  if (facts.state === 'COMPLETED') keepResult(facts.result, run, artifacts, notes, bodies)
  if (notes.length > 0) run.set('notes', notes)
  const started = facts.startedAt > 0 ? facts.startedAt : facts.endedAt
  const receipt = makeReceipt({
    ...inputs,
    status: facts.answeredFrom === null ? statusOf[facts.state] : 'cached',
    startedAt: instantText(started),
    endedAt: instantText(facts.endedAt),
    error: facts.error === null ? null : errorText(facts.error),
    artifacts,
    cpuQuotaPct: facts.cpuQuotaPct,
    run,
    shownArgs:
      text.length > inlineMax
        ? object({ body: hash('sha256', text, 'hex'), bytes: Buffer.byteLength(text) })
        : undefined,
  })
  return receipt
}

/** The result kept by a receipt, or null when there is none to be had: not kept, purged, or of another making. */
export function resultOf({ fields }: Receipt, bodies: BodyFiles): { readonly value: unknown } | null {
  const run = fields.get('run')
  if (!isObject(run)) return null
  const inline = run.get('result')
  if (inline !== undefined) return { value: decodeValue(toPlain(inline)) }
  const body = artifactsOf(fields).find((artifact) => artifact.mime === resultMime)
  if (body === undefined) return null
  try {
    return { value: decodeValue(toPlain(parseJson(bodies.read(body).toString('utf8')))) }
  } catch {
    // Purged or damaged: the call runs again.
    return null
  }
}

function inputsOf({ operation, values, code }: CallFacts): CallInputs {
  return {
    yool: operation,
    args: object({ arguments: fromPlain(values.map((value, index) => encodeValue(value, `arguments.${index}`))) }),
    files: code === null ? [] : [code.sha256],
    env: new Map(code === null ? [] : [['GUARDHOUSE_WORKSPACE_CODE', code.workspace]]),
  }
}

/** A token whose arguments JSON cannot say still leaves a receipt, which says so. */
function sayableInputs(facts: CallFacts, notes: string[]): CallInputs {
  try {
    const inputs = inputsOf(facts)
    inputHashOf(inputs)
    return inputs
  } catch (error) {
    notes.push(`the arguments are not kept: ${(error as Error).message.toWellFormed()}`)
    return { ...inputsOf({ ...facts, values: [] }), args: object({ arguments: null }) }
  }
}

function keepResult(
  result: unknown,
  run: Map<string, JsonValue>,
  artifacts: Artifact[],
  notes: string[],
  bodies: BodyFiles,
): void {
  try {
    const value = fromPlain(encodeValue(result, 'result'))
    const text = canonicalJson(value)
    if (text.length <= inlineMax) run.set('result', value)
    else artifacts.push(bodies.put(Buffer.from(text), resultMime))
  } catch (error) {
    notes.push(`the result is not kept: ${(error as Error).message.toWellFormed()}`)
  }
}

function actionOf({ at, actor, action, reason }: TokenFacts['actions'][number]): JsonObject {
  return object({ at: instantText(at), actor: actor.toWellFormed(), action, reason: reason.toWellFormed() })
}

function errorText({ kind, name, message }: ErrorData): string {
  return `${name ?? kind}: ${message}`.toWellFormed()
}
