import type { ModuleReport } from '../../../shared/model/operation.ts'
import type { RunnableOperation } from '../scheduler/scheduler-types.ts'
import { versionOf } from '../workspace/module-version.ts'
import type { CodeFacts } from './token-receipt.ts'

/** The code behind each operation that can run now. */
export class CodeIndex {
  #code: ReadonlyMap<string, CodeFacts> = new Map()

  get(operationType: string): CodeFacts | null {
    return this.#code.get(operationType) ?? null
  }

  update(operations: readonly RunnableOperation[], modules: readonly ModuleReport[]): void {
    const versions = new Map(operations.map(({ operationType, moduleUrl }) => [operationType, versionOf(moduleUrl)]))
    const entries = modules.flatMap(({ module, hash, operations: declared }) =>
      declared.map(({ operationType }) => {
        const facts: CodeFacts = { module, sha256: hash, workspace: versions.get(operationType) ?? '' }
        return [operationType, facts] as const
      }),
    )
    this.#code = new Map(entries)
  }
}
