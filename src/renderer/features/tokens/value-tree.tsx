import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { formatCount, formatPlural } from '../../ui/format.ts'
import type { ValueBranch, ValueEntry, ValueNode } from './value-text.ts'
import styles from './value-tree.module.css'

export interface ValueTreeProps {
  readonly values: readonly ValueEntry[]
  /** Branches above this depth are open at first. */
  readonly openDepth: number
}

// A list of thousands is not read to its end; more come when asked for.
const shownAtOnce = 100

/** Values as a tree that can be folded. */
export function ValueTree({ values, openDepth }: ValueTreeProps) {
  return <Entries entries={values} rest={0} depth={0} openDepth={openDepth} numbered={false} />
}

interface EntriesProps {
  readonly entries: readonly ValueEntry[]
  /** Further ones that are not at hand. */
  readonly rest: number
  readonly depth: number
  readonly openDepth: number
  readonly numbered: boolean
}

function Entries({ entries, rest, depth, openDepth, numbered }: EntriesProps) {
  const [shown, setShown] = useState(shownAtOnce)
  return (
    <ul className={depth > 0 ? styles.entries : hasBranch(entries) ? undefined : styles.flat}>
      {entries.slice(0, shown).map((entry, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the place is the identity
        <li key={index}>
          <Entry
            name={entry.key ?? (numbered ? String(index) : null)}
            value={entry.value}
            depth={depth}
            openDepth={openDepth}
          />
        </li>
      ))}
      {entries.length > shown || rest === 0 ? null : (
        <li className={styles.quiet}>{formatPlural(rest, 'more item')}, not shown</li>
      )}
      {entries.length <= shown ? null : (
        <li>
          <button type="button" className={styles.more} onClick={() => setShown(shown + shownAtOnce)}>
            {formatCount(entries.length - shown + rest)} more
          </button>
        </li>
      )}
    </ul>
  )
}

/** Without anything to unfold, no room is kept for the marks that unfold. */
function hasBranch(entries: readonly ValueEntry[]): boolean {
  return entries.some(({ value }) => value.kind === 'branch' && value.entries.length > 0)
}

interface EntryProps {
  readonly name: string | null
  readonly value: ValueNode
  readonly depth: number
  readonly openDepth: number
}

function Entry({ name, value, depth, openDepth }: EntryProps) {
  if (value.kind === 'branch' && value.entries.length > 0) {
    return <Branch name={name} value={value} depth={depth} openDepth={openDepth} />
  }
  return (
    <span className={styles.leaf}>
      <Name name={name} />
      {value.kind === 'branch' ? (
        <span className={styles.quiet}>{summary(value)}</span>
      ) : (
        <bdi className={styles[value.kind]}>{value.text}</bdi>
      )}
    </span>
  )
}

function Branch({ name, value, depth, openDepth }: EntryProps & { readonly value: ValueBranch }) {
  const [open, setOpen] = useState(depth < openDepth)
  return (
    <>
      <button type="button" className={styles.toggle} aria-expanded={open} onClick={() => setOpen(!open)}>
        <ChevronRight size={12} className={styles.chevron} aria-hidden="true" />
        <Name name={name} />
        <span className={styles.quiet}>{summary(value)}</span>
      </button>
      {open ? (
        <Entries
          entries={value.entries}
          rest={value.rest}
          depth={depth + 1}
          openDepth={openDepth}
          numbered={value.open === '['}
        />
      ) : null}
    </>
  )
}

function Name({ name }: { readonly name: string | null }) {
  if (name === null) return null
  return (
    <>
      <bdi className={styles.name}>{name}</bdi>
      <span className={styles.quiet}>: </span>
    </>
  )
}

/** `Map(2) {2}`, `[900…]`: what is in it without opening it. */
function summary({ name, open, entries, cut, rest }: ValueBranch): string {
  const count = `${formatCount(entries.length + rest)}${cut ? '…' : ''}`
  const inside = entries.length + rest === 0 ? '' : count
  return `${name === '' ? '' : `${name} `}${open === '{' ? `{${inside}}` : `[${inside}]`}`
}
