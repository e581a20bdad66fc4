import { Popover } from '@base-ui/react/popover'
import { ChevronDown, Search } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { TextInput } from '../../ui/field.tsx'
import { formatCount } from '../../ui/format.ts'
import styles from './multi-choice.module.css'

export interface MultiChoiceProps<Value extends string | number> {
  /** One of them, such as `Operation`; the plural is with an s. */
  readonly noun: string
  readonly values: readonly Value[]
  readonly chosen: readonly Value[]
  readonly onChange: (chosen: readonly Value[]) => void
}

// A longer list is searched, not read.
const shownAtMost = 500
const searchableFrom = 12

/** A button that opens a list of which any number can be chosen. None chosen means all. */
export function MultiChoice<Value extends string | number>(props: MultiChoiceProps<Value>) {
  const { noun, chosen } = props
  const label =
    chosen.length === 0 ? noun : chosen.length === 1 ? `${noun}: ${chosen[0]}` : `${noun}s: ${chosen.length}`
  return (
    <Popover.Root>
      <Popover.Trigger
        render={
          <Button className={chosen.length > 0 ? styles.triggerChosen : styles.trigger}>
            <span className={styles.label}>{label}</span>
            <ChevronDown size={12} aria-hidden="true" />
          </Button>
        }
      />
      <Popover.Portal>
        <Popover.Positioner className={styles.positioner} sideOffset={4} align="start" collisionPadding={8}>
          <Popover.Popup className={styles.popup} aria-label={`${noun}s`}>
            <ChoiceList {...props} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

function ChoiceList<Value extends string | number>({ noun, values, chosen, onChange }: MultiChoiceProps<Value>) {
  const [query, setQuery] = useState('')
  const matching = useMemo(() => matchingValues(values, chosen, query), [values, chosen, query])
  const shown = matching.slice(0, shownAtMost)
  const inList = new Set(chosen)
  return (
    <>
      {values.length < searchableFrom ? null : (
        <TextInput
          className={styles.find}
          aria-label={`Find ${noun.toLowerCase()}s`}
          placeholder={`Find ${noun.toLowerCase()}s`}
          icon={<Search size={14} aria-hidden="true" />}
          value={query}
          onValueChange={setQuery}
        />
      )}
      <ul className={styles.list}>
        {shown.map((value) => (
          <li key={value}>
            <label className={styles.choice}>
              <input
                type="checkbox"
                checked={inList.has(value)}
                onChange={(event) =>
                  onChange(event.target.checked ? [...chosen, value] : chosen.filter((other) => other !== value))
                }
              />
              <bdi className={styles.value} title={String(value)}>
                {value}
              </bdi>
            </label>
          </li>
        ))}
      </ul>
      <div className={styles.footer}>
        <span>
          {matching.length === shown.length
            ? `${formatCount(shown.length)} of ${formatCount(values.length)}`
            : `first ${formatCount(shown.length)} of ${formatCount(matching.length)}`}
        </span>
        <Button size="small" variant="quiet" disabledReason={whyNotClear(chosen)} onClick={() => onChange([])}>
          Clear
        </Button>
      </div>
    </>
  )
}

/** A chosen value that the host no longer knows is there too, so that it can be taken off. */
function matchingValues<Value extends string | number>(
  values: readonly Value[],
  chosen: readonly Value[],
  query: string,
): readonly Value[] {
  const known = new Set(values)
  const all = [...chosen.filter((value) => !known.has(value)), ...values]
  const wanted = query.trim().toLowerCase()
  return wanted === '' ? all : all.filter((value) => String(value).toLowerCase().includes(wanted))
}

function whyNotClear(chosen: readonly unknown[]): string | null {
  return chosen.length === 0 ? 'Nothing is chosen, so all are shown.' : null
}
