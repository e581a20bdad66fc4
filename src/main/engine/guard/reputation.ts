export const healthClasses = ['unknown', 'excellent', 'healthy', 'at_risk', 'problematic'] as const
export type Health = (typeof healthClasses)[number]

/** How a failed run ended: it ran out of time, it failed soon after it began, or it failed later. */
export type FailureKind = 'timeout' | 'quick' | 'error'

/** Runs before health is judged. */
const judgedFrom = 5

/**
 * How one operation has done: counts and run times of its ended attempts, and the health that follows from them (section 9.1 of the
 * original). Killed tokens are no attempt: a person ended them. Times in microseconds.
 */
export class Reputation {
  attempts = 0
  completed = 0
  failed = 0
  timeouts = 0
  errors = 0
  quickFailures = 0
  killed = 0
  runSum = 0
  runLeast = Number.POSITIVE_INFINITY
  runMost = 0
  firstSeenAt = 0
  lastEndedAt = 0
  health: Health = 'unknown'

  /** Recomputes health. `failure` null: completed. */
  record(failure: FailureKind | null, ran: number, endedAt: number): void {
    this.attempts += 1
    this.runSum += ran
    if (ran < this.runLeast) this.runLeast = ran
    if (ran > this.runMost) this.runMost = ran
    if (this.firstSeenAt === 0) this.firstSeenAt = endedAt
    this.lastEndedAt = endedAt
    if (failure === null) this.completed += 1
    else this.failed += 1
    if (failure === 'timeout') this.timeouts += 1
    else if (failure === 'quick') this.quickFailures += 1
    else if (failure === 'error') this.errors += 1
    this.health = healthOf(this.completed, this.attempts)
  }

  get completionRate(): number {
    return this.attempts === 0 ? 0 : this.completed / this.attempts
  }

  /** What to do about it, in a sentence. */
  recommendation(): string {
    if (this.health === 'unknown') return `Too few runs to judge: ${this.attempts} of ${judgedFrom}.`
    if (this.health === 'excellent') return 'Reliable; nothing to do.'
    if (this.health === 'healthy') return 'Works most of the time; look at its failures when you have time.'
    const advice: string[] = []
    if (this.timeouts > this.attempts * 0.3) advice.push('Runs out of time often: raise its timeout or make it faster')
    if (this.errors > this.attempts * 0.3) advice.push('Fails often while it runs: read its error and its log')
    if (this.quickFailures > 3) advice.push('Fails soon after it begins: check its arguments and what it depends on')
    return `${advice.length === 0 ? 'Review it' : advice.join(' | ')}.`
  }
}

export function healthOf(completed: number, attempts: number): Health {
  if (attempts < judgedFrom) return 'unknown'
  const rate = completed / attempts
  if (rate >= 0.95) return 'excellent'
  if (rate >= 0.8) return 'healthy'
  return rate >= 0.5 ? 'at_risk' : 'problematic'
}
