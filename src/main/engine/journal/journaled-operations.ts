import type { OperationTags } from '../../../shared/model/operation.ts'
import { describeTags } from '../../../shared/model/tags.ts'
import type { OperationEntry } from '../scheduler/operation-table.ts'
import type { JournalOperation } from './journal-protocol.ts'

/** Numbers for operations in the journal. One whose tags have changed gets another: tokens are shown with the tags they had. */
export class JournaledOperations {
  /** By the scheduler's index. */
  readonly #known: ({ readonly number: number; readonly tags: OperationTags } | undefined)[] = []
  #new: JournalOperation[] = []
  #next = 0

  numberOf({ index, operationType, tags }: OperationEntry): number {
    const known = this.#known[index]
    if (known !== undefined && known.tags === tags) return known.number
    const number = this.#next
    this.#next += 1
    this.#known[index] = { number, tags }
    this.#new.push({ number, name: operationType, tags: describeTags(tags) })
    return number
  }

  /** Those that the journal has not been told of. */
  takeNew(): JournalOperation[] {
    const taken = this.#new
    this.#new = []
    return taken
  }

  /** Nothing of what it was told can be relied on. */
  forget(): void {
    this.#known.length = 0
    this.#new = []
  }
}
