import { AlertDialog as BaseAlertDialog } from '@base-ui/react/alert-dialog'
import { Dialog as BaseDialog } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { type ReactNode, type RefObject, useRef } from 'react'
import { IconButton } from './button.tsx'
import { classNames } from './class-names.ts'
import styles from './dialog.module.css'
import { useInertPage } from './inert-page.ts'
import { returnFocus } from './return-focus.ts'

export interface DialogProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly title: ReactNode
  /** One or two sentences under the title. */
  readonly description?: ReactNode
  readonly children?: ReactNode
  /** Buttons, the main one last. */
  readonly footer?: ReactNode
  readonly width?: 'narrow' | 'normal' | 'wide'
  /** What gets the focus when it opens; the window itself otherwise, so that a screen reader begins with its title. */
  readonly initialFocus?: RefObject<HTMLElement | null>
}

/** A window over the page. Escape and a click beside it close it. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  footer,
  width = 'normal',
  initialFocus,
}: DialogProps) {
  const popup = useRef<HTMLDivElement>(null)
  useInertPage(open)
  return (
    <BaseDialog.Root open={open} onOpenChange={onOpenChange}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={styles.backdrop} />
        <BaseDialog.Popup
          ref={popup}
          className={classNames(styles.popup, styles[width])}
          initialFocus={initialFocus ?? popup}
          finalFocus={returnFocus}
        >
          <header className={styles.header}>
            <BaseDialog.Title className={styles.title}>{title}</BaseDialog.Title>
            <BaseDialog.Close
              render={<IconButton label="Close" size="small" icon={<X size={16} aria-hidden="true" />} />}
            />
          </header>
          {description === undefined ? null : (
            <BaseDialog.Description className={styles.description} render={<div />}>
              {description}
            </BaseDialog.Description>
          )}
          {children === undefined ? null : <div className={styles.body}>{children}</div>}
          {footer === undefined ? null : <footer className={styles.footer}>{footer}</footer>}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  )
}

/** A window that wants an answer: a click beside it does not close it. The footer must hold a way out. */
export function AlertDialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  footer,
  width = 'normal',
  initialFocus,
}: DialogProps) {
  useInertPage(open)
  return (
    <BaseAlertDialog.Root open={open} onOpenChange={onOpenChange}>
      <BaseAlertDialog.Portal>
        <BaseAlertDialog.Backdrop className={styles.backdrop} />
        <BaseAlertDialog.Popup
          className={classNames(styles.popup, styles[width])}
          initialFocus={initialFocus}
          finalFocus={returnFocus}
        >
          <header className={styles.header}>
            <BaseAlertDialog.Title className={styles.title}>{title}</BaseAlertDialog.Title>
          </header>
          {description === undefined ? null : (
            <BaseAlertDialog.Description className={styles.description} render={<div />}>
              {description}
            </BaseAlertDialog.Description>
          )}
          {children === undefined ? null : <div className={styles.body}>{children}</div>}
          {footer === undefined ? null : <footer className={styles.footer}>{footer}</footer>}
        </BaseAlertDialog.Popup>
      </BaseAlertDialog.Portal>
    </BaseAlertDialog.Root>
  )
}
