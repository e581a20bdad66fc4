import { setTimeout as sleep } from 'node:timers/promises'
import type { Scheduler } from '../../src/main/engine/scheduler/scheduler.ts'
import type { TokenHandle } from '../../src/main/engine/scheduler/token-handle.ts'
import { assertDefined } from '../../src/shared/assert.ts'
import { GuardhouseError } from '../../src/shared/errors.ts'
import type { Clock } from '../../src/shared/time.ts'

export interface OneKill {
  /** From the kill to the new thread bound and ready, milliseconds. */
  readonly readyMs: number
  /** From the kill to the first bystander begun on the new thread, milliseconds; null when none was left for it. */
  readonly serviceMs: number | null
  /** Bystanders in the mailbox of the thread that died, at the moment of the kill. */
  readonly inDoomedMailbox: number
  /** Of those, the ones that its successor ran; idle cores had taken the others. */
  readonly ranOnSuccessor: number
  readonly faults: readonly string[]
}

export interface KillPlan {
  readonly scheduler: Scheduler
  readonly clock: Clock
  readonly runs: Int32Array
  /** Run counter of the never-ending token; those of the bystanders follow. */
  readonly first: number
  readonly bystanders: number
}

const lookEveryMs = 1
// A kill that takes longer has failed.
const longestWaitMs = 30_000

/** Lets a token compute for ever, queues others behind it, kills it, and waits until its worker and all others are done. */
export async function killOnce({ scheduler, clock, runs, first, bystanders }: KillPlan): Promise<OneKill> {
  const doomed = scheduler.submit('bench.neverEnding', [first])
  const doomedEnd = doomed.outcome.then(
    () => ['the killed token completed'],
    (error: unknown) => (isKilled(error) ? [] : [`the killed token ended otherwise: ${String(error)}`]),
  )
  await until(() => Atomics.load(runs, first) > 0)
  const doomedId = scheduler.idOf(doomed.sequence)
  const { core } = scheduler.detail(doomedId)
  const oldThread = threadOf(scheduler, core)?.threadId
  const indexes = Array.from({ length: bystanders }, (_, bystander) => first + 1 + bystander)
  const handles = indexes.map((index) => scheduler.submit('bench.counted', [index]))
  // What was submitted in one turn is placed at its end, before anything else has happened.
  await Promise.resolve()
  const waiting = handles.filter((handle) => detailOf(scheduler, handle).core === core)
  const killedAt = clock.now()
  scheduler.runCommand('kill', { kind: 'tokens', ids: [doomedId] }, { actor: 'bench', reason: 'replacement' })
  await until(() => {
    const thread = threadOf(scheduler, core)
    return thread?.bound === true && thread.threadId !== oldThread
  })
  const readyAt = clock.now()
  const answers = await Promise.allSettled(handles.map(({ outcome }) => outcome))
  const faults = answers.flatMap((answer, bystander) => faultOf(answer, indexes[bystander]))
  const begun = waiting
    .map((handle) => detailOf(scheduler, handle))
    .flatMap(({ core: ranOn, times }) => (ranOn === core && times.started !== undefined ? [times.started] : []))
  return {
    readyMs: (readyAt - killedAt) / 1000,
    serviceMs: begun.length === 0 ? null : (Math.min(...begun) - killedAt) / 1000,
    inDoomedMailbox: waiting.length,
    ranOnSuccessor: begun.length,
    faults: [...faults, ...(await doomedEnd)],
  }
}

function isKilled(error: unknown): boolean {
  return error instanceof GuardhouseError && error.kind === 'killed'
}

function faultOf(answer: PromiseSettledResult<unknown>, index: number | undefined): string[] {
  if (answer.status === 'rejected') return [`token ${index} was lost: ${String(answer.reason)}`]
  return answer.value === index ? [] : [`token ${index} was answered ${String(answer.value)}`]
}

function detailOf(scheduler: Scheduler, { sequence }: TokenHandle) {
  return scheduler.detail(scheduler.idOf(sequence))
}

/** The worker thread of a core; undefined while it is being replaced. */
function threadOf(scheduler: Scheduler, core: number | null) {
  const { cores } = scheduler.reports.stats({ cores: [], threads: new Map() })
  const { cpu } = assertDefined(
    cores.find((each) => each.core === core),
    'a token that runs has a core',
  )
  return scheduler.reports.workerThreads().find((thread) => thread.cpu === cpu)
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + longestWaitMs
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited ${longestWaitMs} ms for nothing`)
    await sleep(lookEveryMs)
  }
}
