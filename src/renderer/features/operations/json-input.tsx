import { Field, TextArea } from '../../ui/field.tsx'
import styles from './json-input.module.css'
import { describeProblem, type TypedProblem } from './launch-arguments.ts'

export interface JsonInputProps {
  readonly label: string
  readonly hint?: string
  readonly value: string
  readonly problem: TypedProblem | null
  readonly placeholder?: string
  readonly rows: number
  readonly onValueChange: (value: string) => void
  /** Ctrl+Enter. */
  readonly onSubmit: () => void
}

// The end of a long line is not where the mistake is; around it this many characters are shown.
const shownBefore = 40
const shownAfter = 30

/** A field for JSON that says what is wrong with it, and points at the place. */
export function JsonInput({ label, hint, value, problem, placeholder, rows, onValueChange, onSubmit }: JsonInputProps) {
  const described = problem === null ? null : describeProblem(value, problem)
  return (
    <div className={styles.input}>
      <Field label={<bdi>{label}</bdi>} hint={hint} error={described?.message ?? null}>
        {(control) => (
          <TextArea
            {...control}
            mono
            rows={rows}
            value={value}
            placeholder={placeholder}
            onValueChange={onValueChange}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
              event.preventDefault()
              onSubmit()
            }}
          />
        )}
      </Field>
      {described === null ? null : <Pointer line={described.line} column={described.column} />}
    </div>
  )
}

/** The line with a caret below the place. */
function Pointer({ line, column }: { readonly line: string; readonly column: number }) {
  const start = Math.max(0, column - 1 - shownBefore)
  const shown = line.slice(start, column - 1 + shownAfter)
  const before = line.slice(start, column - 1)
  // Only blanks and tabs stay what they are; every other character is as wide as a blank in this font.
  const indent = before.replace(/[^\t]/g, ' ')
  return (
    <pre className={styles.pointer} aria-hidden="true">
      {`${start > 0 ? '…' : ''}${shown}\n${start > 0 ? ' ' : ''}${indent}^`}
    </pre>
  )
}
