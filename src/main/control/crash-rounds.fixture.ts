import { type ChildProcess, fork } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CrashBuild } from './crash-build.fixture.ts'

export type CrashOrder =
  | { readonly work: 'load'; readonly path: string; readonly prefix: string; readonly file: string }
  | { readonly work: 'settle'; readonly path: string; readonly ids: readonly string[] }

interface Restored {
  readonly waiting: number
  readonly requeued: number
  readonly interrupted: number
}

type FromHost =
  | { readonly type: 'ready'; readonly restore: Restored }
  | { readonly type: 'acknowledged'; readonly tokens: readonly (readonly [id: string, key: string])[] }
  | { readonly type: 'settled'; readonly ends: readonly (readonly [id: string, end: string, kind: string | null])[] }

/** `end` is its final state, or `lost`; `kind` that of its error. */
export type TokenEnd = readonly [id: string, end: string, kind: string | null]

export interface CrashTally {
  readonly rounds: number
  readonly acknowledged: number
  readonly completed: number
  readonly interrupted: number
  /** Tokens of idempotent operations that ran more than once, as they may. */
  readonly repeated: number
  readonly waitedAtRestart: number
  /** What must not be, in words; empty when every token is accounted for exactly once. */
  readonly faults: readonly string[]
}

/** From "ready" to its death a host lives this long at the most, milliseconds. */
const longestLife = 300
/** A host that is not ready, or has not settled all that was left, by then never will. */
const patience = 240_000

/** Starts a host under load and kills it with SIGKILL at a random moment, so often; then lets a last one settle everything, and counts. */
export async function crashRounds(
  rounds: number,
  random: () => number,
  tell: (text: string) => void,
): Promise<CrashTally> {
  using host = await CrashBuild.make()
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'guardhouse-')))
  try {
    const path = join(folder, 'journal.sqlite')
    const file = join(folder, 'runs.txt')
    const keys = new Map<string, string>()
    let waitedAtRestart = 0
    for (let round = 0; round < rounds; round++) {
      const order: CrashOrder = { work: 'load', path, prefix: String(round), file }
      const restored = await crashOnce(host.entry, order, random() * longestLife, keys)
      waitedAtRestart += restored.waiting
      if ((round + 1) % 10 === 0) tell(`${round + 1} of ${rounds} rounds, ${keys.size} tokens acknowledged`)
    }
    const ends = await settleAll(host.entry, { work: 'settle', path, ids: [...keys.keys()] })
    return { rounds, waitedAtRestart, ...account(keys, ends, runsIn(file)) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function crashOnce(
  entry: string,
  order: CrashOrder,
  lifeMs: number,
  keys: Map<string, string>,
): Promise<Restored> {
  const host = fork(entry)
  host.send(order)
  const ready = Promise.withResolvers<Restored>()
  const exited = new Promise<void>((resolve) => host.once('exit', () => resolve()))
  host.on('message', (message: FromHost) => {
    if (message.type === 'ready') ready.resolve(message.restore)
    else if (message.type === 'acknowledged') for (const [id, key] of message.tokens) keys.set(id, key)
  })
  const restored = await beforeItEnds(host, ready.promise)
  await new Promise((resolve) => setTimeout(resolve, lifeMs))
  host.kill('SIGKILL')
  await exited
  return restored
}

async function settleAll(entry: string, order: CrashOrder): Promise<readonly TokenEnd[]> {
  const host = fork(entry)
  host.send(order)
  const settled = new Promise<readonly TokenEnd[]>((resolve) => {
    host.on('message', (message: FromHost) => {
      if (message.type === 'settled') resolve(message.ends)
    })
  })
  try {
    return await beforeItEnds(host, settled)
  } finally {
    host.kill('SIGKILL')
  }
}

function beforeItEnds<Value>(host: ChildProcess, value: Promise<Value>): Promise<Value> {
  const ended = Promise.withResolvers<never>()
  const timer = setTimeout(() => ended.reject(new Error('the host did not answer')), patience)
  host.once('exit', (code) => ended.reject(new Error(`the host ended by itself, with code ${code}`)))
  return Promise.race([value, ended.promise]).finally(() => clearTimeout(timer))
}

function runsIn(file: string): Map<string, number> {
  const runs = new Map<string, number>()
  if (!existsSync(file)) return runs
  for (const key of readFileSync(file, 'utf8').split('\n')) if (key !== '') runs.set(key, (runs.get(key) ?? 0) + 1)
  return runs
}

function account(
  keys: ReadonlyMap<string, string>,
  ends: readonly TokenEnd[],
  runs: ReadonlyMap<string, number>,
): Omit<CrashTally, 'rounds' | 'waitedAtRestart'> {
  const faults: string[] = []
  let completed = 0
  let interrupted = 0
  let repeated = 0
  for (const [id, end, kind] of ends) {
    const count = runs.get(keys.get(id) ?? '') ?? 0
    const idempotent = id.startsWith('crash.repeatable_')
    if (end === 'COMPLETED') completed += 1
    else if (kind === 'interrupted') interrupted += 1
    else faults.push(`${id} is ${end} (${kind})`)
    if (end === 'COMPLETED' && count === 0) faults.push(`${id} completed and never ran`)
    if (count > 1 && !idempotent) faults.push(`${id} ran ${count} times`)
    if (kind === 'interrupted' && idempotent) faults.push(`${id} is idempotent and was not run again`)
    if (count > 1 && idempotent) repeated += 1
  }
  if (ends.length !== keys.size) faults.push(`${keys.size} tokens were acknowledged and ${ends.length} have an end`)
  return { acknowledged: keys.size, completed, interrupted, repeated, faults }
}
