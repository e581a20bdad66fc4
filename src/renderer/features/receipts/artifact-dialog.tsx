import type { ProcedureOutput } from '../../../shared/contract/index.ts'
import { useQuery } from '../../client/host-context.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { formatBytes } from '../../ui/format.ts'
import { readableText } from './readable-text.ts'
import styles from './receipt-inspector.module.css'

export interface ArtifactDialogProps {
  readonly id: string
  readonly artifact: ProcedureOutput<'receipts.get'>['artifacts'][number]
  readonly onClose: () => void
}

/** What one artifact holds: as text where it is text, else its first bytes in hexadecimal. */
export function ArtifactDialog({ id, artifact, onClose }: ArtifactDialogProps) {
  const { data, error } = useQuery('receipts.artifact', { id, sha256: artifact.sha256 }, {})
  const text = data === null ? '' : textOf(data.content)
  const shown = isJson(artifact.mime) ? readableText(text) : text
  return (
    <Dialog
      open
      width="wide"
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title="Artifact"
      description={`${artifact.path} · ${artifact.mime} · ${formatBytes(artifact.sizeBytes)}, checked against its hash`}
      footer={
        <>
          {data === null ? null : <CopyButton label="Copy the content" text={() => text} />}
          <Button onClick={onClose}>Close</Button>
        </>
      }
    >
      {error === null ? null : <ErrorNotice error={error} />}
      {data === null ? null : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <pre className={styles.text} tabIndex={0}>
          {shown}
          {data.truncated ? '\n… the rest is left out' : ''}
        </pre>
      )}
    </Dialog>
  )
}

function isJson(mime: string): boolean {
  return mime === 'application/json' || mime.endsWith('+json')
}

const shownBytes = 4096

function textOf(base64: string): string {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    // Not text.
    return [...bytes.subarray(0, shownBytes)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
  }
}
