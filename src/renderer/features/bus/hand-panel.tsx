import { useRef, useState } from 'react'
import { shortTupleId } from '../../../shared/model/tuple-id.ts'
import { useHost } from '../../client/host-context.tsx'
import { useReadBlock, useWriteBlock } from '../../client/write-block.ts'
import { useLocalCommand } from '../../shell/command-registry-context.tsx'
import { Link } from '../../shell/router-context.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Field, TextArea } from '../../ui/field.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Select } from '../../ui/select.tsx'
import { useToasts } from '../../ui/toast.tsx'
import styles from './bus-page.module.css'
import { parseFields } from './tuple-text.ts'

interface Answer {
  readonly title: string
  /** Null: nothing matched. */
  readonly tuple: Readonly<Record<string, unknown>> | null
}

const waits = [
  { value: '0', label: 'look once' },
  { value: '10000', label: 'wait 10 s' },
  { value: '60000', label: 'wait a minute' },
] as const

/** Puts, reads and takes by hand. */
export function HandPanel({ onDone }: { readonly onDone: () => void }) {
  const host = useHost()
  const toasts = useToasts()
  const area = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState('{ "lane": "work", "n": 1 }')
  const [wait, setWait] = useState<(typeof waits)[number]['value']>('0')
  const [answer, setAnswer] = useState<Answer | null>(null)
  const [waiting, setWaiting] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const fields = parseFields(text)
  const wrong = fields === null ? 'Not a JSON object.' : null
  const run = async (work: (fields: Record<string, unknown>) => Promise<Answer>) => {
    if (fields === null) return
    setWaiting(true)
    try {
      setAnswer(await work(fields))
      setError(null)
      onDone()
    } catch (thrown) {
      setError(thrown)
      setAnswer(null)
    } finally {
      setWaiting(false)
    }
  }
  const put = () =>
    run(async (tuple) => ({ title: 'Put', tuple: { ...tuple, id: (await host.call('bus.out', { tuple })).id } }))
  const limits = { timeoutMs: Number(wait) }
  const read = () =>
    run(async (template) => ({ title: 'Read', tuple: (await host.call('bus.rd', { template, ...limits })).tuple }))
  const take = () =>
    run(async (template) => {
      const { tuple } = await host.call('bus.in', { template, ...limits })
      // The page was left while it waited: what was taken must not vanish unseen.
      if (tuple !== null && area.current === null) {
        toasts.show({ tone: 'warn', title: `Taken by hand: ${String(tuple.id)}`, text: JSON.stringify(tuple) })
      }
      return { title: 'Taken', tuple }
    })
  const why = wrong ?? (waiting ? 'It waits for a tuple.' : null)
  const blocks = { write: useWriteBlock() ?? why, read: useReadBlock() ?? why }
  useHandCommands({ put, read, take, edit: () => area.current?.select() }, blocks)
  return (
    <Panel title="By hand" note="out, rd, in">
      <div className={styles.form}>
        <Field label="Tuple to put, or template to match" hint="A JSON object. {} matches every tuple." error={wrong}>
          {(control) => <TextArea {...control} ref={area} mono rows={4} value={text} onValueChange={setText} />}
        </Field>
        <div className={styles.buttons}>
          <Button variant="primary" disabledReason={blocks.write} onClick={() => void put()}>
            Put
          </Button>
          <Button disabledReason={blocks.read} onClick={() => void read()}>
            Read
          </Button>
          <Button disabledReason={blocks.write} onClick={() => void take()}>
            Take
          </Button>
          <Select aria-label="How long to wait for a match" value={wait} options={waits} onValueChange={setWait} />
        </div>
        <div role="status">
          {waiting ? <p className={styles.faint}>Waiting for a match…</p> : null}
          {error === null ? null : <ErrorNotice error={error} />}
          {answer === null || waiting ? null : <AnswerView answer={answer} />}
        </div>
      </div>
    </Panel>
  )
}

function AnswerView({ answer: { title, tuple } }: { readonly answer: Answer }) {
  if (tuple === null) return <p className={styles.faint}>{title}: nothing matches.</p>
  const text = JSON.stringify(tuple, null, 2)
  const id = String(tuple.id)
  return (
    <>
      <p className={styles.answer}>
        {title}
        <Link to={['bus', 'tuple', id]} className={styles.id} title={id}>
          {shortTupleId(id)}
        </Link>
        <CopyButton label="Copy the tuple" text={() => text} />
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className={styles.result} tabIndex={0}>
        {text}
      </pre>
    </>
  )
}

interface HandActions {
  readonly put: () => Promise<void>
  readonly read: () => Promise<void>
  readonly take: () => Promise<void>
  readonly edit: () => void
}

/** What the buttons do, in the palette and by keys. */
function useHandCommands(
  { put, read, take, edit }: HandActions,
  blocks: { readonly write: string | null; readonly read: string | null },
): void {
  const group = 'Bus'
  useLocalCommand({ id: 'bus.edit', title: 'Write a tuple or template by hand', group, keys: 'b e', run: edit })
  useLocalCommand({
    id: 'bus.out',
    title: 'Put the tuple written by hand (out)',
    group,
    keys: 'b o',
    run: () => void put(),
    disabledReason: blocks.write,
  })
  useLocalCommand({
    id: 'bus.rd',
    title: 'Read a tuple that matches (rd)',
    group,
    keys: 'b r',
    run: () => void read(),
    disabledReason: blocks.read,
  })
  useLocalCommand({
    id: 'bus.in',
    title: 'Take a tuple that matches (in)',
    group,
    keys: 'b i',
    run: () => void take(),
    disabledReason: blocks.write,
  })
}
