import { RotateCcw } from 'lucide-react'
import { Component, type ErrorInfo, type ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import styles from './error-boundary.module.css'

interface ErrorBoundaryProps {
  /** A new value clears the error: the page it happened on. */
  readonly place: string
  readonly children: ReactNode
}

interface ErrorBoundaryState {
  readonly error: unknown
  readonly place: string
}

/** Keeps the fault of one page from taking the others with it. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { error: null, place: this.props.place }

  static getDerivedStateFromError(error: unknown): Partial<ErrorBoundaryState> {
    return { error }
  }

  static getDerivedStateFromProps(props: ErrorBoundaryProps, state: ErrorBoundaryState): ErrorBoundaryState | null {
    return props.place === state.place ? null : { error: null, place: props.place }
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    reportError(new Error(`the page ${this.props.place} failed${info.componentStack ?? ''}`, { cause: error }))
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children
    return (
      <div className={styles.failed}>
        <ErrorNotice
          error={this.state.error}
          actions={
            <Button
              size="small"
              icon={<RotateCcw size={14} aria-hidden="true" />}
              onClick={() => this.setState({ error: null })}
            >
              Show the page again
            </Button>
          }
        />
        <p className={styles.note}>
          This is a fault of the window. Your tokens are not touched by it, and the other pages work.
        </p>
      </div>
    )
  }
}
