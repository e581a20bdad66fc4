import type { TokenDetail } from '../../../shared/contract/tokens.ts'
import type { TokenState } from '../../../shared/model/token.ts'

/** Time that a token spent in one state. Instants in microseconds since the engine's epoch. */
export interface LifeSegment {
  readonly attempt: number
  readonly state: TokenState
  readonly from: number
  /** The end, or now while it lasts. */
  readonly to: number
  readonly lasts: boolean
}

/** The instant at which a token entered a state. `took` is null for the last state of an attempt that ended. */
export interface LifeStep {
  readonly attempt: number
  readonly state: TokenState
  readonly at: number
  readonly took: number | null
  readonly lasts: boolean
}

type Attempt = TokenDetail['attempts'][number]

/** Every state of every attempt in order, each with the instant it was entered. */
export function lifeSteps({ attempts, now }: Pick<TokenDetail, 'attempts' | 'now'>): readonly LifeStep[] {
  return attempts.flatMap((attempt, index) => {
    const entered = enteredStates(attempt, index === 0)
    return entered.map(({ state, at }, place): LifeStep => {
      const next = entered[place + 1]
      const over = next === undefined && attempt.times.ended !== undefined
      const lasts = next === undefined && !over
      return { attempt: attempt.attempt, state, at, took: over ? null : (next?.at ?? now) - at, lasts }
    })
  })
}

/** What is drawn: the steps that take time. CREATED is left out, which lasts as long as it takes to write it down. */
export function lifeSegments(steps: readonly LifeStep[]): readonly LifeSegment[] {
  return steps.flatMap(({ attempt, state, at, took, lasts }) =>
    took === null || state === 'CREATED' ? [] : [{ attempt, state, from: at, to: at + took, lasts }],
  )
}

/** From the creation to the last end or to now. */
export function lifeSpan(detail: Pick<TokenDetail, 'attempts' | 'now'>): {
  readonly from: number
  readonly to: number
} {
  const steps = lifeSteps(detail)
  const from = steps[0]?.at ?? detail.now
  const last = steps.at(-1)
  return { from, to: last === undefined ? detail.now : last.at + (last.took ?? 0) }
}

function enteredStates({ state, times }: Attempt, first: boolean): readonly { state: TokenState; at: number }[] {
  const entered: { state: TokenState; at: number | undefined }[] = [
    { state: 'CREATED', at: first ? times.created : undefined },
    { state: 'WAITING', at: times.waiting },
    { state: 'ADMITTED', at: times.admitted },
    { state: 'EXECUTING', at: times.started },
    { state, at: times.ended },
  ]
  return entered.flatMap(({ state: name, at }) => (at === undefined ? [] : [{ state: name, at }]))
}

/** Left edge and width of a segment in per cent of the span; a span of no time is one full bar. */
export function placeOf(
  segment: Pick<LifeSegment, 'from' | 'to'>,
  span: { readonly from: number; readonly to: number },
): { readonly left: number; readonly width: number } {
  const whole = span.to - span.from
  if (whole <= 0) return { left: 0, width: 100 }
  return { left: ((segment.from - span.from) / whole) * 100, width: ((segment.to - segment.from) / whole) * 100 }
}
