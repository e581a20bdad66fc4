import { type KeyboardEvent, type Ref, useMemo, useState } from 'react'
import { TextInput } from '../ui/field.tsx'
import { formatCount } from '../ui/format.ts'
import styles from './run-graph.module.css'

export interface GraphSearchProps {
  readonly ref: Ref<HTMLInputElement>
  /** By node: its own name, and that of what runs there. */
  readonly names: readonly string[]
  readonly kinds: readonly string[]
  readonly onFind: (node: number) => void
}

/** Finds nodes by name, whether they are folded or not: Enter leads to the next, Shift and Enter to the one before. */
export function GraphSearch({ ref, names, kinds, onFind }: GraphSearchProps) {
  const [text, setText] = useState('')
  const [at, setAt] = useState(-1)
  const found = useMemo(() => nodesNamed(text, names, kinds), [text, names, kinds])
  const go = (by: number) => {
    if (found.length === 0) return
    const next = at < 0 && by < 0 ? found.length - 1 : (at + by + found.length) % found.length
    setAt(next)
    onFind(found[next] ?? 0)
  }
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter') go(event.shiftKey ? -1 : 1)
    else if (event.key !== 'Escape' || text === '') return
    else setText('')
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <search className={styles.search} onKeyDown={press}>
      <TextInput
        ref={ref}
        aria-label="Find a node"
        placeholder="Find a node"
        value={text}
        onValueChange={(next) => {
          setText(next)
          setAt(-1)
        }}
      />
      <span role="status">{text === '' ? '' : foundInWords(found.length, at)}</span>
    </search>
  )
}

function nodesNamed(text: string, names: readonly string[], kinds: readonly string[]): readonly number[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return []
  return names.flatMap((name, node) =>
    name.toLowerCase().includes(wanted) || (kinds[node] ?? '').toLowerCase().includes(wanted) ? [node] : [],
  )
}

function foundInWords(found: number, at: number): string {
  if (found === 0) return 'none'
  return at < 0 ? `${formatCount(found)}, Enter goes` : `${formatCount(at + 1)} of ${formatCount(found)}`
}
