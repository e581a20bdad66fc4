import { Menu as BaseMenu } from '@base-ui/react/menu'
import type { ReactElement, ReactNode } from 'react'
import { classNames } from './class-names.ts'
import styles from './menu.module.css'

export interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement
  /** MenuItem, MenuRadio, MenuSeparator. */
  readonly children: ReactNode
  readonly align?: 'start' | 'center' | 'end'
}

export function Menu({ trigger, children, align = 'start' }: MenuProps) {
  return (
    <BaseMenu.Root>
      <BaseMenu.Trigger render={trigger} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner className={styles.positioner} sideOffset={4} align={align} collisionPadding={8}>
          <BaseMenu.Popup className={styles.popup}>{children}</BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  )
}

export interface MenuItemProps {
  readonly children: ReactNode
  readonly icon?: ReactNode
  /** Keys that do the same, at the right edge. */
  readonly shortcut?: ReactNode
  readonly danger?: boolean
  /** Why it cannot be chosen now; shown under its name. */
  readonly disabledReason?: string | null | undefined
  readonly onSelect: () => void
}

export function MenuItem({ children, icon, shortcut, danger = false, disabledReason, onSelect }: MenuItemProps) {
  const blocked = disabledReason !== null && disabledReason !== undefined
  return (
    <BaseMenu.Item className={classNames(styles.item, danger && styles.danger)} disabled={blocked} onClick={onSelect}>
      <span className={styles.icon}>{icon}</span>
      <span className={styles.words}>
        {children}
        {blocked ? <span className={styles.reason}>{disabledReason}</span> : null}
      </span>
      {shortcut}
    </BaseMenu.Item>
  )
}

export interface MenuRadioProps<Value extends string> {
  readonly label: string
  readonly value: Value
  readonly options: readonly { readonly value: Value; readonly label: ReactNode; readonly icon?: ReactNode }[]
  readonly onValueChange: (value: Value) => void
}

/** A group of which one is chosen. */
export function MenuRadio<Value extends string>({ label, value, options, onValueChange }: MenuRadioProps<Value>) {
  return (
    <BaseMenu.Group>
      <BaseMenu.GroupLabel className={styles.label}>{label}</BaseMenu.GroupLabel>
      <BaseMenu.RadioGroup value={value} onValueChange={(next: Value) => onValueChange(next)}>
        {options.map((option) => (
          <BaseMenu.RadioItem key={option.value} value={option.value} className={styles.item} closeOnClick>
            <span className={styles.icon}>{option.icon}</span>
            <span className={styles.words}>{option.label}</span>
            <BaseMenu.RadioItemIndicator className={styles.dot}>●</BaseMenu.RadioItemIndicator>
          </BaseMenu.RadioItem>
        ))}
      </BaseMenu.RadioGroup>
    </BaseMenu.Group>
  )
}

export function MenuSeparator() {
  return <BaseMenu.Separator className={styles.separator} />
}
