import { RotateCcw } from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useState } from 'react'
import type { OptionInfo } from '../../../shared/contract/options.ts'
import { IconButton } from '../../ui/button.tsx'
import { TextInput } from '../../ui/field.tsx'
import { Select } from '../../ui/select.tsx'
import { optionProblem, optionText, plannedValue, readOption } from './option-text.ts'
import styles from './options-section.module.css'

export interface OptionControlProps {
  readonly option: OptionInfo
  /** Why nothing can be changed now; null when it can. */
  readonly block: string | null
  /** Resolves to what was wrong, or null when it holds. */
  readonly onSet: (value: OptionInfo['value'] | null) => Promise<string | null>
}

/** The value of an option as a control of its kind, with its unit and a way back to the default. */
export function OptionControl({ option, block, onSet }: OptionControlProps) {
  const errorId = useId()
  const [problem, setProblem] = useState<string | null>(null)
  const planned = plannedValue(option)

  async function set(value: OptionInfo['value'] | null) {
    setProblem(await onSet(value))
  }

  return (
    <div className={styles.control}>
      <div className={styles.row}>
        {option.kind === 'number' ? (
          <NumberControl
            option={option}
            block={block}
            errorId={errorId}
            invalid={problem !== null}
            onProblem={setProblem}
            onSet={(value) => void set(value)}
          />
        ) : (
          <Select
            aria-label={option.name}
            value={String(planned)}
            options={
              option.kind === 'switch'
                ? [
                    { value: 'true', label: 'on' },
                    { value: 'false', label: 'off' },
                  ]
                : option.choices.map((value) => ({ value, label: value }))
            }
            disabled={block !== null}
            onValueChange={(value) => void set(option.kind === 'switch' ? value === 'true' : value)}
          />
        )}
        {planned === option.default ? null : (
          <IconButton
            label={`Reset ${option.name} to ${optionText(option.default, option.unit)}`}
            icon={<RotateCcw size={14} aria-hidden="true" />}
            disabledReason={block}
            onClick={() => void set(null)}
          />
        )}
      </div>
      {problem === null ? null : (
        <p id={errorId} className={styles.problem} role="alert">
          {problem}
        </p>
      )}
    </div>
  )
}

interface NumberControlProps {
  readonly option: OptionInfo
  readonly block: string | null
  readonly errorId: string
  readonly invalid: boolean
  readonly onProblem: (problem: string | null) => void
  readonly onSet: (value: number) => void
}

/** A number takes effect with Enter or when the field is left; Escape takes back what was typed. */
function NumberControl({ option, block, errorId, invalid, onProblem, onSet }: NumberControlProps) {
  const planned = plannedValue(option)
  const [text, setText] = useState(String(planned))
  useEffect(() => setText(String(planned)), [planned])

  function commit() {
    if (block !== null || text.trim() === String(planned)) return
    const value = readOption(text)
    const wrong = optionProblem(option, value)
    onProblem(wrong)
    if (wrong === null && value !== planned) onSet(value)
  }

  function obey(event: KeyboardEvent) {
    if (event.key === 'Enter') commit()
    if (event.key !== 'Escape' || text === String(planned)) return
    event.stopPropagation()
    setText(String(planned))
    onProblem(null)
  }

  return (
    <>
      <TextInput
        className={styles.number}
        aria-label={option.name}
        aria-invalid={invalid || undefined}
        aria-describedby={invalid ? errorId : undefined}
        inputMode="decimal"
        readOnly={block !== null}
        value={text}
        onValueChange={setText}
        onBlur={commit}
        onKeyDown={obey}
      />
      <span className={styles.unit}>{option.unit}</span>
    </>
  )
}
