import { taskTokenGuard } from 'guardhouse'

// Methods as operations, with standard decorators. They are async, because a call of them is a token to await.

export class VisitBook {
  static readonly greeting = 'Welcome'
  #visits = 0

  /** Greets a visitor. */
  @taskTokenGuard({ operationType: 'visits.greet', tags: { weight: 'light' } })
  static async greet(name: string): Promise<string> {
    return `${VisitBook.greeting}, ${name}`
  }

  /** Counts a visit. Each worker has one book, so the answers tell which worker was visited how often. */
  @taskTokenGuard({ operationType: 'visits.count', tags: { weight: 'light' } })
  async count(): Promise<number> {
    this.#visits += 1
    return this.#visits
  }
}
