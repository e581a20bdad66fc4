import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import styles from './button.module.css'
import { classNames } from './class-names.ts'
import { Tooltip } from './tooltip.tsx'

export type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger'
export type ButtonSize = 'medium' | 'small'

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled'> {
  readonly variant?: ButtonVariant
  readonly size?: ButtonSize
  readonly icon?: ReactNode
  /** Why the button cannot be used now, in one sentence; it stays focusable and says so. */
  readonly disabledReason?: string | null | undefined
  readonly tooltip?: ReactNode
  readonly ref?: Ref<HTMLButtonElement>
}

/** A button with words on it. */
export function Button({ variant = 'secondary', size = 'medium', icon, children, ...rest }: ButtonProps) {
  return (
    <BareButton {...rest} className={classNames(styles.button, styles[variant], styles[size], rest.className)}>
      {icon}
      {children}
    </BareButton>
  )
}

export interface IconButtonProps extends Omit<ButtonProps, 'icon' | 'children'> {
  /** Name for screen readers, and the tooltip. */
  readonly label: string
  readonly icon: ReactNode
}

/** A square button with an icon; its name is required and shows as its tooltip. */
export function IconButton({ label, icon, variant = 'quiet', size = 'medium', tooltip, ...rest }: IconButtonProps) {
  return (
    <BareButton
      {...rest}
      aria-label={label}
      tooltip={tooltip ?? label}
      className={classNames(styles.button, styles.square, styles[variant], styles[size], rest.className)}
    >
      {icon}
    </BareButton>
  )
}

function BareButton({ disabledReason, tooltip, onClick, children, ...rest }: Omit<ButtonProps, 'variant' | 'size'>) {
  const blocked = disabledReason !== null && disabledReason !== undefined
  // aria-disabled and not disabled: a disabled button cannot be focused, so it could not say why it is disabled.
  const button = (
    <button type="button" {...rest} aria-disabled={blocked || undefined} onClick={blocked ? ignoreClick : onClick}>
      {children}
    </button>
  )
  const hint = blocked ? disabledReason : tooltip
  return hint === undefined || hint === null ? button : <Tooltip content={hint}>{button}</Tooltip>
}

function ignoreClick(event: { preventDefault: () => void }) {
  event.preventDefault()
}
