import { toErrorData } from '../../../shared/errors.ts'
import type { ReceiptPolicy } from '../collection/storage-options.ts'
import type { AnswerSource, CallAnswer } from '../scheduler/call-answers.ts'
import type { ObservedToken, TokenListener } from '../scheduler/token-observer.ts'
import type { ReceiptsClient } from './receipts-client.ts'
import type { CodeFacts, TokenFacts } from './token-receipt.ts'

/** Receipts on their way to the disk at the most; beyond it they are counted as lost, so that memory stays bounded. */
const waitingMax = 200_000

export interface RecorderParts {
  readonly client: Pick<ReceiptsClient, 'put' | 'ask' | 'waitingPuts'>
  readonly policy: () => ReceiptPolicy
  /** The code behind an operation now. */
  readonly codeOf: (operationType: string) => CodeFacts | null
  /** Wall clock of the engine's epoch, milliseconds since 1970 UTC. */
  readonly epochWall: number
  readonly cpuQuotaPct: () => number
  readonly notice: (text: string) => void
}

/** Leaves a receipt of every token that is to leave one, and finds the results of earlier calls. */
export class TokenRecorder implements TokenListener, AnswerSource {
  readonly #parts: RecorderParts
  /** Code on which tokens run that have started, by sequence: it may change before they end. */
  readonly #code = new Map<number, CodeFacts | null>()
  /** Receipts that could not be kept since the start. */
  lost = 0
  kept = 0

  constructor(parts: RecorderParts) {
    this.#parts = parts
  }

  tokensChanged(events: Iterable<ObservedToken>): void {
    for (const token of events) {
      if (!this.#leavesOne(token)) continue
      if (token.kind === 'started') this.#code.set(token.sequence, this.#parts.codeOf(token.operation.operationType))
      else if (token.kind === 'ended') this.#keep(token)
    }
  }

  async answer(operationType: string, values: readonly unknown[]): Promise<CallAnswer> {
    return this.#parts.client.ask('answer', {
      operation: operationType,
      values,
      code: this.#parts.codeOf(operationType),
    })
  }

  #leavesOne({ operation: { tags } }: ObservedToken): boolean {
    const policy = this.#parts.policy()
    return tags.cache === true || policy === 'all' || (policy === 'tagged' && tags.receipt === true)
  }

  #keep(token: ObservedToken): void {
    const code = this.#code.get(token.sequence) ?? this.#parts.codeOf(token.operation.operationType)
    this.#code.delete(token.sequence)
    if (this.#parts.client.waitingPuts >= waitingMax) return this.#lose(`more than ${waitingMax} wait for the disk`)
    const facts = this.#factsOf(token, code)
    this.#parts.client.put({ kind: 'token', facts }).then(
      () => {
        this.kept += 1
      },
      (error) => this.#lose(toErrorData(error).message),
    )
  }

  #factsOf(token: ObservedToken, code: CodeFacts | null): TokenFacts {
    const wall = (at: number) => (at === 0 ? 0 : Math.round(this.#parts.epochWall * 1000 + at))
    return {
      token: token.id,
      operation: token.operation.operationType,
      values: token.values,
      code,
      parentToken: token.parentId,
      state: token.state,
      result: token.result,
      error: token.error,
      createdAt: wall(token.createdAt),
      startedAt: wall(token.startedAt),
      endedAt: wall(token.endedAt),
      core: token.worker?.core ?? null,
      slot: token.worker?.slot ?? null,
      attempts: token.attempt,
      actions: token.actions.map((action) => ({ ...action, at: wall(action.at) })),
      answeredFrom: token.answeredFrom,
      cpuQuotaPct: this.#parts.cpuQuotaPct(),
    }
  }

  #lose(why: string): void {
    this.lost += 1
    // Once for each power of two: a flood of notices helps nobody.
    if ((this.lost & (this.lost - 1)) === 0) {
      this.#parts.notice(`${this.lost === 1 ? 'A receipt was' : `${this.lost} receipts were`} not kept: ${why}`)
    }
  }
}
