import type { ProcedureInput, ProcedureName, ProcedureOutput } from '../../shared/contract/index.ts'

// Whoever asked shows the answer in one of the next frames, or never.
const keptMs = 1000

interface Question {
  readonly key: string
  readonly answer: Promise<unknown>
  readonly at: number
}

/**
 * The answer to one read that was asked for before what shows it was rendered. Only the newest is kept; it is taken once, and only
 * by the same question.
 */
export class AskedAhead {
  #newest: Question | null = null

  put<Name extends ProcedureName>(
    name: Name,
    input: ProcedureInput<Name>,
    answer: Promise<ProcedureOutput<Name>>,
  ): void {
    // Whoever takes it hears of its failure; where nobody does, nobody misses it.
    answer.catch(() => undefined)
    this.#newest = { key: keyOf(name, input), answer, at: performance.now() }
  }

  /** Null when this was not asked, or too long ago. */
  take<Name extends ProcedureName>(name: Name, input: ProcedureInput<Name>): Promise<ProcedureOutput<Name>> | null {
    const question = this.#newest
    if (question === null || question.key !== keyOf(name, input)) return null
    this.#newest = null
    return performance.now() - question.at > keptMs ? null : (question.answer as Promise<ProcedureOutput<Name>>)
  }
}

function keyOf(name: string, input: unknown): string {
  return `${name} ${JSON.stringify(input)}`
}
