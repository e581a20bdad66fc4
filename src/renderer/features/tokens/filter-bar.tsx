import { X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { TokenFilter } from '../../../shared/contract/tokens.ts'
import { type TokenState, tokenStates } from '../../../shared/model/token.ts'
import { useFacts } from '../../client/host-context.tsx'
import { FindField } from '../../shell/find-field.tsx'
import { Button } from '../../ui/button.tsx'
import { formatCount } from '../../ui/format.ts'
import { StateMark } from '../../ui/state-mark.tsx'
import styles from './filter-bar.module.css'
import { MultiChoice } from './multi-choice.tsx'
import { useStateCounts } from './state-counts.ts'
import { changeFilter, isUnfiltered } from './tokens-place.ts'

export interface FilterBarProps {
  readonly filter: TokenFilter
  readonly onFilterChange: (filter: TokenFilter) => void
}

/** What is shown: by state, operation, core and text. Everything chosen here is in the address of the page. */
export function FilterBar({ filter, onFilterChange }: FilterBarProps) {
  const change = (part: Partial<TokenFilter>) => onFilterChange(changeFilter(filter, part))
  const operations = useFacts((facts) => facts.operations)
  const cores = useFacts((facts) => facts.info?.topology.cores)
  return (
    <search className={styles.bar} aria-label="Filter tokens">
      <div className={styles.line}>
        <TextFilter text={filter.text ?? ''} onTextChange={(text) => change({ text })} />
        <MultiChoice
          noun="Operation"
          values={operations?.map((entry) => entry.operation) ?? []}
          chosen={filter.operations ?? []}
          onChange={(chosen) => change({ operations: [...chosen] })}
        />
        <MultiChoice
          noun="Core"
          values={cores?.map((entry) => entry.core) ?? []}
          chosen={filter.cores ?? []}
          onChange={(chosen) => change({ cores: [...chosen] })}
        />
        {filter.parent === undefined ? null : (
          <Button
            onClick={() => onFilterChange(changeFilter(filter, { parent: '' }))}
            tooltip="Show tokens of any parent"
          >
            <span className={styles.parent}>Children of {filter.parent}</span>
            <X size={12} aria-hidden="true" />
          </Button>
        )}
        {isUnfiltered(filter) ? null : (
          <Button variant="quiet" icon={<X size={14} aria-hidden="true" />} onClick={() => onFilterChange({})}>
            Clear filter
          </Button>
        )}
      </div>
      <StateFilter states={filter.states ?? []} onStatesChange={(states) => change({ states: [...states] })} />
    </search>
  )
}

interface StateFilterProps {
  readonly states: readonly TokenState[]
  readonly onStatesChange: (states: readonly TokenState[]) => void
}

function StateFilter({ states, onStatesChange }: StateFilterProps) {
  const counts = useStateCounts()
  // CREATED lasts as long as it takes to write it down: a chip that always says 0 would only take room.
  const shown = tokenStates.filter(
    (state) => state !== 'CREATED' || states.includes(state) || (counts?.CREATED ?? 0) > 0,
  )
  return (
    <fieldset className={styles.states}>
      <legend className="visually-hidden">States</legend>
      {shown.map((state) => {
        const chosen = states.includes(state)
        return (
          <button
            key={state}
            type="button"
            className={styles.chip}
            aria-pressed={chosen}
            onClick={() => onStatesChange(chosen ? states.filter((other) => other !== state) : [...states, state])}
          >
            <StateMark state={state} />
            <span className={styles.count}>{formatCount(counts?.[state])}</span>
          </button>
        )
      })}
    </fieldset>
  )
}

// Typing is faster than the host searches 100,000 arguments.
const typingPauseMs = 200
const longestText = 500

function TextFilter({ text, onTextChange }: { readonly text: string; readonly onTextChange: (text: string) => void }) {
  const [typed, setTyped] = useState(text)
  const newest = useRef(onTextChange)
  newest.current = onTextChange
  // The address changed by other means, such as Back or Clear filter.
  useEffect(() => setTyped(text), [text])
  useEffect(() => {
    if (typed === text) return
    const timer = setTimeout(() => newest.current(typed), typingPauseMs)
    return () => clearTimeout(timer)
  }, [typed, text])
  return (
    <FindField
      command={{ id: 'tokens.find', title: 'Find tokens by text', group: 'Tokens' }}
      className={styles.text}
      label="Find in id, operation, arguments and error"
      placeholder="Find in id, operation, arguments, error"
      maxLength={longestText}
      value={typed}
      onValueChange={setTyped}
    />
  )
}
