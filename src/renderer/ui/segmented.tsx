import { Toggle } from '@base-ui/react/toggle'
import { ToggleGroup } from '@base-ui/react/toggle-group'
import type { ReactNode } from 'react'
import styles from './segmented.module.css'

export interface SegmentedProps<Value extends string> {
  /** Name of the group for screen readers. */
  readonly label: string
  readonly value: Value
  readonly options: readonly { readonly value: Value; readonly label: ReactNode; readonly name?: string }[]
  readonly onValueChange: (value: Value) => void
  readonly disabled?: boolean
}

/** A few values side by side, one of them chosen. */
export function Segmented<Value extends string>({
  label,
  value,
  options,
  onValueChange,
  disabled = false,
}: SegmentedProps<Value>) {
  return (
    <ToggleGroup
      aria-label={label}
      className={styles.group}
      value={[value]}
      disabled={disabled}
      onValueChange={(values: Value[]) => {
        const [next] = values
        if (next !== undefined) onValueChange(next)
      }}
    >
      {options.map((option) => (
        <Toggle key={option.value} value={option.value} aria-label={option.name} className={styles.option}>
          {option.label}
        </Toggle>
      ))}
    </ToggleGroup>
  )
}
