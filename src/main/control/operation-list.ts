import type { OperationInfo } from '../../shared/contract/operations.ts'
import type { ModuleReport, OperationDefinition } from '../../shared/model/operation.ts'
import type { OperationReport } from '../engine/scheduler/reports.ts'

interface KnownOperation {
  readonly definition: OperationDefinition
  readonly availability: OperationInfo['availability']
}

/**
 * Joins what the scheduler counts with where the operations are written. Remembers where an operation was once
 * its module is gone or broken, because its tokens are still there to ask about.
 */
export class OperationList {
  readonly #known = new Map<string, KnownOperation>()

  /** Takes in the present state of the modules. */
  update(modules: readonly ModuleReport[]): void {
    const failed = new Set(modules.filter((module) => module.state === 'failed').map((module) => module.module))
    for (const [name, { definition }] of this.#known) {
      this.#known.set(name, { definition, availability: failed.has(definition.module) ? 'failed' : 'gone' })
    }
    for (const { state, operations } of modules) {
      const availability = state === 'loaded' ? 'available' : 'failed'
      for (const definition of operations) this.#known.set(definition.operationType, { definition, availability })
    }
  }

  /** One entry per operation that the scheduler knows, in its order. */
  join(reports: readonly OperationReport[]): OperationInfo[] {
    return reports.map(({ runnable, ...report }) => {
      const known = this.#known.get(report.operation)
      return {
        ...report,
        module: known?.definition.module ?? null,
        position: known?.definition.position ?? null,
        description: known?.definition.description ?? null,
        inspection: known?.definition.inspection ?? null,
        parameters: [...(known?.definition.parameters ?? [])],
        availability: known?.availability ?? (runnable ? 'available' : 'gone'),
      }
    })
  }
}
