import { Dialog as BaseDialog } from '@base-ui/react/dialog'
import { Search } from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { sequenceOf } from '../../shared/model/token-id.ts'
import { useFacts } from '../client/host-context.tsx'
import { useInertPage } from '../ui/inert-page.ts'
import { Kbd } from '../ui/kbd.tsx'
import { returnFocus } from '../ui/return-focus.ts'
import { useToasts } from '../ui/toast.tsx'
import { useCommandRegistry } from './command-registry-context.tsx'
import { fuzzyFilter } from './fuzzy.ts'
import { shortcutKeys } from './key-names.ts'
import styles from './palette.module.css'
import { useRouter } from './router-context.tsx'

interface Entry {
  readonly id: string
  readonly group: string
  readonly title: string
  readonly keys: readonly string[] | null
  readonly disabledReason: string | null
  readonly choose: () => void
}

const shownAtMost = 60

/** Everything a person can do, found by typing. Operations by name and tokens by id are found too. */
export function Palette({ platform, onClose }: { readonly platform: string; readonly onClose: () => void }) {
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const entries = useEntries(query, platform, onClose)
  const listId = useId()
  const active = entries[Math.min(at, entries.length - 1)]
  useInertPage(true)

  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key]
    if (step !== undefined && entries.length > 0) {
      event.preventDefault()
      const last = entries.length - 1
      const next = at + step
      setAt(Math.abs(step) === 1 ? (next + entries.length) % entries.length : Math.max(0, Math.min(last, next)))
    }
    if (event.key === 'Enter') {
      event.preventDefault()
      active?.choose()
    }
  }

  return (
    <BaseDialog.Root open onOpenChange={(open) => !open && onClose()}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={styles.backdrop} />
        <BaseDialog.Popup className={styles.popup} aria-label="Command palette" finalFocus={returnFocus}>
          <label className={styles.search}>
            <Search size={16} aria-hidden="true" />
            <input
              role="combobox"
              aria-label="Search commands, operations and tokens"
              aria-expanded="true"
              aria-controls={listId}
              aria-activedescendant={active === undefined ? undefined : `${listId}-${active.id}`}
              aria-autocomplete="list"
              placeholder="Type a command, an operation or a token's id"
              spellCheck={false}
              autoComplete="off"
              value={query}
              onChange={(event) => {
                setQuery(event.target.value)
                setAt(0)
              }}
              onKeyDown={onKeyDown}
            />
            <Kbd keys={['Esc']} />
          </label>
          <EntryList id={listId} entries={entries} active={active} onHover={setAt} />
          {entries.length === 0 ? <p className={styles.nothing}>Nothing has that name.</p> : null}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  )
}

interface EntryListProps {
  readonly id: string
  readonly entries: readonly Entry[]
  readonly active: Entry | undefined
  readonly onHover: (index: number) => void
}

function EntryList({ id, entries, active, onHover }: EntryListProps) {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (active !== undefined) list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [active])
  return (
    <div ref={list} id={id} role="listbox" aria-label="Matches" className={styles.list}>
      {entries.map((entry, index) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field, which names the active option
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field's Enter chooses the active option
        <div
          key={entry.id}
          id={`${id}-${entry.id}`}
          role="option"
          aria-selected={entry === active}
          aria-disabled={entry.disabledReason !== null || undefined}
          className={styles.entry}
          onMouseMove={() => onHover(index)}
          onClick={entry.choose}
        >
          <span className={styles.group}>{entry.group}</span>
          <span className={styles.title}>
            {entry.title}
            {entry.disabledReason === null ? null : <span className={styles.reason}>{entry.disabledReason}</span>}
          </span>
          {entry.keys === null ? null : <Kbd keys={entry.keys} />}
        </div>
      ))}
    </div>
  )
}

function useEntries(query: string, platform: string, onClose: () => void): readonly Entry[] {
  const registry = useCommandRegistry()
  const router = useRouter()
  const toasts = useToasts()
  const operations = useFacts((facts) => facts.operations)
  return useMemo(() => {
    const go = (path: readonly string[]) => () => {
      onClose()
      router.go(path)
    }
    const commands: Entry[] = registry
      .list()
      .filter((command) => command.ours && command.id !== 'palette.open')
      .map((command) => ({
        ...command,
        keys: shortcutKeys(command, platform),
        choose: () => {
          // At once: the page cannot take the focus before the palette is gone, and some commands move the focus there.
          flushSync(onClose)
          const result = registry.run(command.id)
          if (!result.ran) toasts.show({ tone: 'info', title: `${command.title}: not now`, text: result.reason })
        },
      }))
    const found = fuzzyFilter(commands, query, (entry) => `${entry.title} ${entry.group}`)
    const text = query.trim()
    if (text === '') return found
    const named: Entry[] = (operations ?? []).map((operation) => ({
      id: `operation-${operation.index}`,
      group: 'Operation',
      title: operation.operation,
      keys: null,
      disabledReason: null,
      choose: go(['operations', operation.operation]),
    }))
    const token: Entry[] =
      sequenceOf(text) === null
        ? []
        : [{ id: 'token', group: 'Token', title: text, keys: null, disabledReason: null, choose: go(['tokens', text]) }]
    return [...token, ...found, ...fuzzyFilter(named, text, (entry) => entry.title)].slice(0, shownAtMost)
  }, [registry, router, toasts, operations, query, platform, onClose])
}
