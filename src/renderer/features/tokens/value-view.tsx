import { Braces, ListTree } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { Preview } from '../../../shared/contract/common.ts'
import { toErrorData } from '../../../shared/errors.ts'
import { DetailSection } from '../../table/detail-section.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { formatBytes } from '../../ui/format.ts'
import { useToasts } from '../../ui/toast.tsx'
import { countNodes, readValues } from './value-text.ts'
import { ValueTree } from './value-tree.tsx'
import styles from './value-view.module.css'

export interface ValueViewProps {
  readonly title: string
  readonly preview: Preview
  /** Said when there is nothing to show. */
  readonly emptyText: string
  /** Reads the whole value as JSON, when the host can give more than the text. */
  readonly readWhole?: () => Promise<string>
}

// A larger tree starts folded and opens as it is asked for; this many lines are drawn at once without a person noticing.
const openNodes = 200

/** A value of the token, as a tree that can be folded or as the text it is. */
export function ValueView({ title, preview, emptyText, readWhole }: ValueViewProps) {
  const [raw, setRaw] = useState(false)
  const values = useMemo(() => readValues(preview.text), [preview.text])
  const openDepth = useMemo(() => (countNodes(values, openNodes + 1) > openNodes ? 1 : 3), [values])
  if (preview.text === '' || preview.text === 'undefined') {
    return (
      <DetailSection title={title}>
        <p className={styles.empty}>{emptyText}</p>
      </DetailSection>
    )
  }
  return (
    <DetailSection
      title={title}
      note={`${formatBytes(preview.bytes)}${preview.truncated ? ' or more' : ''}`}
      actions={
        <>
          <IconButton
            size="small"
            label={raw ? 'Show as a tree' : 'Show as text'}
            icon={raw ? <ListTree size={14} aria-hidden="true" /> : <Braces size={14} aria-hidden="true" />}
            onClick={() => setRaw(!raw)}
          />
          <CopyButton label={`Copy the ${title.toLowerCase()} as shown`} text={() => preview.text} />
          {readWhole === undefined ? null : <CopyWhole title={title} readWhole={readWhole} />}
        </>
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className={styles.value} tabIndex={0} aria-label={`${title}, value`}>
        {raw ? <pre className={styles.raw}>{preview.text}</pre> : <ValueTree values={values} openDepth={openDepth} />}
      </section>
      {preview.truncated ? <p className={styles.cut}>Cut: only the beginning is shown.</p> : null}
    </DetailSection>
  )
}

function CopyWhole({ title, readWhole }: { readonly title: string; readonly readWhole: () => Promise<string> }) {
  const toasts = useToasts()
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(await readWhole())
      toasts.show({ tone: 'good', title: `Copied the whole ${title.toLowerCase()} as JSON` })
    } catch (error) {
      const { message, hint } = toErrorData(error)
      toasts.show({ tone: 'bad', title: `Could not copy: ${message}`, text: hint })
    }
  }
  return (
    <Button size="small" variant="quiet" tooltip="The whole value, not only what is shown" onClick={() => void copy()}>
      Copy JSON
    </Button>
  )
}
