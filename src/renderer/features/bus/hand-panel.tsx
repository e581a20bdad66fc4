import { useState } from 'react'
import { useHost } from '../../client/host-context.tsx'
import { useWriteBlock } from '../../client/write-block.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Field, TextArea } from '../../ui/field.tsx'
import { Panel } from '../../ui/panel.tsx'
import styles from './bus-page.module.css'

type Answer = { readonly title: string; readonly text: string }

/** Puts, reads and takes by hand. Reading and taking look once and never wait. */
export function HandPanel({ onDone }: { readonly onDone: () => void }) {
  const { connection } = useHost()
  const block = useWriteBlock()
  const [text, setText] = useState('{ "lane": "work", "n": 1 }')
  const [answer, setAnswer] = useState<Answer | null>(null)
  const [error, setError] = useState<unknown>(null)
  const fields = parse(text)
  const wrong = fields === null ? 'Not a JSON object.' : null
  const run = async (method: 'bus.out' | 'bus.rdp' | 'bus.inp') => {
    const { client } = connection.store.getState()
    if (client === null || fields === null) return
    try {
      if (method === 'bus.out') {
        setAnswer({ title: 'Put', text: (await client.call(method, { tuple: fields })).id })
      } else {
        const { tuple } = await client.call(method, { template: fields })
        const title = method === 'bus.rdp' ? 'Read' : 'Taken'
        setAnswer(
          tuple === null ? { title, text: 'Nothing matches.' } : { title, text: JSON.stringify(tuple, null, 2) },
        )
      }
      setError(null)
      onDone()
    } catch (thrown) {
      setError(thrown)
    }
  }
  return (
    <Panel title="By hand" note="out, rd, in">
      <div className={styles.form}>
        <Field label="Tuple to put, or template to match" hint="A JSON object. {} matches every tuple." error={wrong}>
          {(control) => <TextArea {...control} mono rows={4} value={text} onValueChange={setText} />}
        </Field>
        <div className={styles.buttons}>
          <Button variant="primary" disabledReason={block ?? wrong} onClick={() => void run('bus.out')}>
            Put
          </Button>
          <Button disabledReason={wrong} onClick={() => void run('bus.rdp')}>
            Read
          </Button>
          <Button disabledReason={block ?? wrong} onClick={() => void run('bus.inp')}>
            Take
          </Button>
        </div>
        {error === null ? null : <ErrorNotice error={error} />}
        {answer === null ? null : (
          <output>
            {answer.title}
            <pre className={styles.result}>{answer.text}</pre>
          </output>
        )}
      </div>
    </Panel>
  )
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    // Being typed.
    return null
  }
}
