import type { ErrorData } from '../../../shared/errors.ts'
import type { ModuleReport } from '../../../shared/model/operation.ts'
import type { SourceFile } from './folder-snapshot.ts'
import type { ScanMessage } from './scan-message.ts'

/** What is known of one operations module: the file, and the scan unless the file could not be read. */
export interface ScannedModule {
  readonly module: string
  readonly file: SourceFile
  readonly scan: ScanMessage | null
}

/**
 * One report per module, by path. An operation type belongs to the first module that declares it; a module that declares it
 * again fails as a whole, because running half of a module would be a guess at what its author meant.
 */
export function reportModules(modules: readonly ScannedModule[]): readonly ModuleReport[] {
  const owners = new Map<string, string>()
  const sorted = modules.toSorted((left, right) => (left.module < right.module ? -1 : 1))
  return sorted.map(({ module, file, scan }) => {
    const hash = file.hash ?? ''
    if (file.hash === null) return failed(module, hash, file.error)
    if (scan === null || scan.state === 'failed') return failed(module, hash, scan?.error ?? notScanned)
    const taken = scan.operations.find((operation) => owners.has(operation.operationType))
    if (taken !== undefined) {
      return failed(module, hash, declaredElsewhere(taken.operationType, owners.get(taken.operationType) ?? ''))
    }
    for (const { operationType } of scan.operations) owners.set(operationType, module)
    const operations = scan.operations.map((operation) => ({ ...operation, module }))
    return { module, state: 'loaded', operations, error: null, hash }
  })
}

const notScanned: ErrorData = { kind: 'internal', message: 'the module was not scanned' }

function failed(module: string, hash: string, error: ErrorData): ModuleReport {
  return { module, state: 'failed', operations: [], error, hash }
}

function declaredElsewhere(operationType: string, owner: string): ErrorData {
  return {
    kind: 'module-failed',
    message: `the operation '${operationType}' is already declared in ${owner}`,
    hint: 'Give one of them another operationType.',
  }
}
