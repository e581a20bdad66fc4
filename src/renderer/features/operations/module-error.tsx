import type { ErrorData } from '../../../shared/errors.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import styles from './module-error.module.css'
import { readModuleError } from './source-text.ts'

/** Why a module does not load: what is wrong, where, and the line itself. */
export function ModuleError({ error }: { readonly error: ErrorData }) {
  const { place, message, code } = readModuleError(error.message)
  return (
    <div className={styles.error}>
      <p className={styles.message}>{error.name === undefined ? message : `${error.name}: ${message}`}</p>
      {place === null ? null : (
        <p className={styles.place}>
          <code>{place}</code>
          <CopyButton label="Copy the position" text={() => place} />
        </p>
      )}
      {code === null ? null : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <pre className={styles.code} tabIndex={0}>
          {code}
        </pre>
      )}
      {error.hint === undefined ? null : <p className={styles.hint}>{error.hint}</p>}
      {error.stack === undefined || code !== null ? null : (
        <details>
          <summary className={styles.summary}>Stack</summary>
          <pre className={styles.code}>{error.stack}</pre>
        </details>
      )}
    </div>
  )
}
