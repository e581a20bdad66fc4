import { Select as BaseSelect } from '@base-ui/react/select'
import { Check, ChevronsUpDown } from 'lucide-react'
import type { ReactNode } from 'react'
import buttonStyles from './button.module.css'
import { classNames } from './class-names.ts'
import styles from './select.module.css'

export interface SelectOption<Value extends string> {
  readonly value: Value
  readonly label: ReactNode
}

export interface SelectProps<Value extends string> {
  readonly id?: string
  /** Name for screen readers when no label element stands beside it. */
  readonly 'aria-label'?: string
  readonly 'aria-describedby'?: string | undefined
  readonly value: Value
  readonly options: readonly SelectOption<Value>[]
  readonly onValueChange: (value: Value) => void
  readonly size?: 'medium' | 'small'
  readonly disabled?: boolean
}

/** One of several values. */
export function Select<Value extends string>({
  value,
  options,
  onValueChange,
  size = 'medium',
  disabled,
  ...rest
}: SelectProps<Value>) {
  return (
    <BaseSelect.Root
      value={value}
      items={options.map((option) => ({ value: option.value, label: option.label }))}
      onValueChange={(next) => {
        if (next !== null) onValueChange(next as Value)
      }}
      disabled={disabled ?? false}
    >
      <BaseSelect.Trigger
        {...rest}
        className={classNames(buttonStyles.button, buttonStyles.secondary, buttonStyles[size], styles.trigger)}
      >
        <BaseSelect.Value />
        <BaseSelect.Icon className={styles.icon}>
          <ChevronsUpDown size={12} aria-hidden="true" />
        </BaseSelect.Icon>
      </BaseSelect.Trigger>
      <BaseSelect.Portal>
        <BaseSelect.Positioner className={styles.positioner} sideOffset={4} alignItemWithTrigger={false}>
          <BaseSelect.Popup className={styles.popup}>
            <BaseSelect.List>
              {options.map((option) => (
                <BaseSelect.Item key={option.value} value={option.value} className={styles.item}>
                  <BaseSelect.ItemText>{option.label}</BaseSelect.ItemText>
                  <BaseSelect.ItemIndicator className={styles.check}>
                    <Check size={14} aria-hidden="true" />
                  </BaseSelect.ItemIndicator>
                </BaseSelect.Item>
              ))}
            </BaseSelect.List>
          </BaseSelect.Popup>
        </BaseSelect.Positioner>
      </BaseSelect.Portal>
    </BaseSelect.Root>
  )
}
