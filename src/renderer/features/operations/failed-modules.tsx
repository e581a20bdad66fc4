import { useState } from 'react'
import type { ModuleInfo } from '../../../shared/contract/operations.ts'
import { Disclosure } from '../../ui/disclosure.tsx'
import { formatPlural } from '../../ui/format.ts'
import styles from './failed-modules.module.css'
import { ModuleError } from './module-error.tsx'
import { readModuleError } from './source-text.ts'

// One is read at once; a list of them is looked through first.
const openUpTo = 1

/** Modules that do not load, before everything else: their operations are missing below. */
export function FailedModules({ modules }: { readonly modules: readonly ModuleInfo[] }) {
  const failed = modules.filter((module) => module.state === 'failed')
  if (failed.length === 0) return null
  return (
    <section className={styles.modules} aria-label={`${formatPlural(failed.length, 'module')} not loaded`}>
      {failed.map((module) => (
        <FailedModule key={module.module} module={module} initiallyOpen={failed.length <= openUpTo} />
      ))}
    </section>
  )
}

function FailedModule({ module, initiallyOpen }: { readonly module: ModuleInfo; readonly initiallyOpen: boolean }) {
  const [open, setOpen] = useState(initiallyOpen)
  return (
    <div className={styles.module}>
      <Disclosure
        title={module.module}
        summary={open || module.error === null ? 'does not load' : readModuleError(module.error.message).message}
        open={open}
        onOpenChange={setOpen}
      />
      {open && module.error !== null ? <ModuleError error={module.error} /> : null}
    </div>
  )
}
