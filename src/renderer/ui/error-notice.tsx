import type { ReactNode } from 'react'
import { type ErrorData, toErrorData } from '../../shared/errors.ts'
import styles from './error-notice.module.css'
import { Notice } from './notice.tsx'

export interface ErrorNoticeProps {
  /** Whatever was thrown, or an error as data. */
  readonly error: unknown
  readonly actions?: ReactNode
}

/** An error as a person needs it: what is wrong, what to do, and the stack for who wants it. */
export function ErrorNotice({ error, actions }: ErrorNoticeProps) {
  const data = isErrorData(error) ? error : toErrorData(error)
  return (
    <Notice
      tone="bad"
      title={data.name === undefined ? data.message : `${data.name}: ${data.message}`}
      actions={actions}
    >
      {data.hint === undefined ? null : <p>{data.hint}</p>}
      {data.stack === undefined ? null : (
        <details className={styles.details}>
          <summary>Stack</summary>
          <pre className={styles.stack}>{data.stack}</pre>
        </details>
      )}
    </Notice>
  )
}

function isErrorData(error: unknown): error is ErrorData {
  return (
    typeof error === 'object' && error !== null && !(error instanceof Error) && 'kind' in error && 'message' in error
  )
}
