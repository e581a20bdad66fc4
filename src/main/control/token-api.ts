import { setImmediate } from 'node:timers/promises'
import type { Submission, TokenOutcome, tokenProcedures } from '../../shared/contract/tokens.ts'
import { decodeValue, encodeValue } from '../../shared/contract/values.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import type { Settlement } from '../engine/scheduler/scheduler-types.ts'
import type { AuditLog } from './audit-log.ts'
import type { HostJournal, HostScheduler, TokenSource } from './engine-surface.ts'
import type { Caller, HostApi } from './host-api.ts'
import { JournalWaits } from './journal-waits.ts'
import { OutcomeWaiters } from './outcome-waiters.ts'

export interface TokenApiParts {
  readonly scheduler: HostScheduler
  readonly audit: AuditLog
  readonly tokens: TokenSource
  /** Submissions and outcomes are answered once it has them. */
  readonly journal: Pick<HostJournal, 'trouble' | 'durable' | 'onNotice'> | null
  /** Throws what keeps new tokens from being accepted. */
  readonly admit?: (() => void) | undefined
}

/** Tokens submitted in one go before the control thread looks after everything else: a few milliseconds' worth. */
export const submissionSlice = 1000

export function createTokenApi({
  scheduler,
  audit,
  journal,
  tokens,
  admit,
}: TokenApiParts): Pick<HostApi, keyof typeof tokenProcedures> {
  const waiters = new OutcomeWaiters((id) => tokens.settlement(id))
  const waits = new JournalWaits(journal)

  /** What a person launches is entered in the audit log; a program's tokens speak for themselves. */
  function enter(caller: Caller, operation: string, count: number): void {
    if (caller.peer.kind !== 'program') audit.recordSubmission(caller.peer.name, operation, count)
  }

  return {
    'tokens.submit': async ({ operation, arguments: encoded, ...settings }, caller) => {
      requireJournal(journal)
      admit?.()
      const { sequence } = scheduler.submit(operation, decodeArguments(encoded), settings)
      enter(caller, operation, 1)
      const id = scheduler.idOf(sequence)
      await waits.accepted(`token ${id} was accepted`)
      return { id }
    },

    'tokens.submitMany': async ({ count, ...submission }, caller) => {
      requireJournal(journal)
      admit?.()
      const ids = await submitMany(scheduler, submission, count, (accepted) =>
        enter(caller, submission.operation, accepted),
      )
      await waits.accepted(`tokens ${ids.first} to ${ids.last} were accepted`)
      return { count, ...ids }
    },

    'tokens.outcome': async ({ id, waitMs }, caller) => {
      const settlement = await waiters.wait(id, waitMs, caller)
      // Who was told of an end must find it again after a crash. While the file cannot be written, knowing it is worth more.
      await waits.kept()
      return outcomeOf(id, settlement)
    },

    'tokens.query': ({ filter, sort, offset, limit }) => tokens.query(filter, sort, offset, limit),

    'tokens.get': ({ id }) => tokens.detail(id),
  }
}

/** Throws while what is submitted could not be kept: whoever submits must know before, not after a crash. */
export function requireJournal(journal: Pick<HostJournal, 'trouble'> | null): void {
  const trouble = journal?.trouble
  if (trouble == null) return
  throw new GuardhouseError('not-kept', `nothing can be accepted now: ${trouble}`, {
    hint: 'Tokens accepted before go on. Submit again when the journal can be written.',
  })
}

/** Tells `onAccepted` how many were accepted in any case. Throws the reason when it stops short. */
async function submitMany(
  scheduler: HostScheduler,
  { operation, arguments: encoded, ...settings }: Submission,
  count: number,
  onAccepted: (accepted: number) => void,
): Promise<{ first: string; last: string }> {
  const values = decodeArguments(encoded)
  let accepted = 0
  let first = ''
  let last = ''
  try {
    while (accepted < count) {
      const { sequence } = scheduler.submit(operation, values, settings)
      accepted += 1
      // At once: by the end, tokens that ended quickly may no longer be kept.
      if (accepted === 1) first = scheduler.idOf(sequence)
      if (accepted === count) last = scheduler.idOf(sequence)
      if (accepted % submissionSlice === 0) await setImmediate()
    }
  } catch (error) {
    throw accepted > 0 && error instanceof GuardhouseError ? stoppedShort(accepted, count, error) : error
  } finally {
    if (accepted > 0) onAccepted(accepted)
  }
  return { first, last }
}

function stoppedShort(accepted: number, count: number, cause: GuardhouseError): GuardhouseError {
  const { kind, message, hint } = cause
  return new GuardhouseError(kind, `only ${accepted} of ${count} tokens were accepted: ${message}`, { hint, cause })
}

function decodeArguments(encoded: readonly unknown[]): unknown[] {
  return encoded.map((argument, index) => {
    try {
      return decodeValue(argument)
    } catch (cause) {
      // Not only ours: what claims to be base64, or the bytes of a Float64Array, may not be.
      const { message, hint } = cause as GuardhouseError
      throw new GuardhouseError('bad-request', `arguments.${index}: ${message}`, { hint, cause })
    }
  })
}

/** Throws `not-cloneable` when the result cannot be said in JSON; the token itself has completed all the same. */
function outcomeOf(id: string, { state, value, error }: Settlement): TokenOutcome {
  if (error !== null) return { id, state, error }
  return { id, state, value: encodeValue(value, 'result') }
}
