import { type InputHTMLAttributes, type ReactNode, type Ref, type TextareaHTMLAttributes, useId } from 'react'
import { classNames } from './class-names.ts'
import styles from './field.module.css'

/** What a control inside a Field must be given, so that a screen reader hears its label, hint and error. */
export interface FieldControlProps {
  readonly id: string
  readonly 'aria-describedby': string | undefined
  readonly 'aria-invalid': boolean | undefined
}

export interface FieldProps {
  readonly label: ReactNode
  /** One sentence under the label. */
  readonly hint?: ReactNode
  /** What is wrong with the value; null when nothing is. */
  readonly error?: string | null | undefined
  readonly hideLabel?: boolean
  readonly children: (control: FieldControlProps) => ReactNode
}

/** A label, a control, a hint and an error, tied together. */
export function Field({ label, hint, error, hideLabel = false, children }: FieldProps) {
  const id = useId()
  const wrong = error !== null && error !== undefined
  const describedBy = [hint === undefined ? '' : `${id}-hint`, wrong ? `${id}-error` : ''].join(' ').trim()
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={hideLabel ? 'visually-hidden' : styles.label}>
        {label}
      </label>
      {children({
        id,
        'aria-describedby': describedBy === '' ? undefined : describedBy,
        'aria-invalid': wrong || undefined,
      })}
      {hint === undefined ? null : (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
      {wrong ? (
        <p id={`${id}-error`} className={styles.error} role="alert">
          {error}
        </p>
      ) : null}
    </div>
  )
}

export interface TextInputProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'> {
  readonly value: string
  readonly onValueChange: (value: string) => void
  /** Shown inside, before the text. */
  readonly icon?: ReactNode
  readonly ref?: Ref<HTMLInputElement>
}

/** One line of text. Give it an `id` from Field, or an `aria-label`. */
export function TextInput({ value, onValueChange, icon, className, ...rest }: TextInputProps) {
  return (
    <span className={classNames(styles.input, className)}>
      {icon === undefined ? null : <span className={styles.icon}>{icon}</span>}
      <input
        type="text"
        spellCheck={false}
        autoComplete="off"
        {...rest}
        value={value}
        onChange={(event) => onValueChange(event.target.value)}
      />
    </span>
  )
}

export interface TextAreaProps extends Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'onChange' | 'value'> {
  readonly value: string
  readonly onValueChange: (value: string) => void
  /** For JSON and other code. */
  readonly mono?: boolean
  readonly ref?: Ref<HTMLTextAreaElement>
}

/** Several lines of text. */
export function TextArea({ value, onValueChange, mono = false, className, ...rest }: TextAreaProps) {
  return (
    <textarea
      spellCheck={false}
      rows={3}
      {...rest}
      className={classNames(styles.area, mono && styles.mono, className)}
      value={value}
      onChange={(event) => onValueChange(event.target.value)}
    />
  )
}
