import type { ObservedToken, TokenListener, TokenObserver } from '../scheduler/token-observer.ts'
import type { EngineLog, LogSubject } from './engine-log.ts'

/** Writes what becomes of tokens into the log, and listens to them only while a channel that tells of it is on. */
export class TokenNarrator implements TokenListener {
  readonly #log: EngineLog
  #stop: (() => void) | null = null

  constructor(log: EngineLog, observer: TokenObserver) {
    this.#log = log
    log.onModes(() => {
      const wanted = log.on('pool', 'info') || log.on('token', 'state') || log.on('worker', 'dispatch')
      if (wanted) this.#stop ??= observer.listen(this)
      else {
        this.#stop?.()
        this.#stop = null
      }
    })
  }

  tokensChanged(events: Iterable<ObservedToken>): void {
    for (const event of events) {
      const subject = () => subjectOf(event)
      if (event.kind === 'accepted') {
        this.#log.write('pool', 'info', () => `accepted op=${event.operation.operationType}`, subject)
        this.#log.write('token', 'state', () => 'CREATED → WAITING', subject)
      } else if (event.kind === 'started') {
        this.#log.write('token', 'state', () => 'ADMITTED → EXECUTING', subject)
        this.#log.write('worker', 'dispatch', () => `runs op=${event.operation.operationType}`, subject)
      } else if (event.kind === 'ended') {
        this.#log.write('token', 'state', () => `ended ${event.state}`, subject)
      }
    }
  }
}

/** A failed token is a warning, whoever listens. */
export function tellFailure(log: EngineLog, token: ObservedToken): void {
  log.write(
    'token',
    'warn',
    () => `${token.state}: ${token.error?.message ?? 'no reason is known'}`,
    () => subjectOf(token),
  )
}

/** A further attempt of the same token. */
export function tellRetry(log: EngineLog, token: ObservedToken): void {
  log.write(
    'overflow',
    'warn',
    () => `attempt ${token.attempt} follows`,
    () => subjectOf(token),
  )
}

function subjectOf(token: ObservedToken): LogSubject {
  const { worker } = token
  return {
    token: token.id,
    operation: token.operation.operationType,
    core: worker?.core ?? null,
    slot: worker?.slot ?? null,
  }
}
