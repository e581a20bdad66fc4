import { RefreshCw } from 'lucide-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { CommandPreview, CommandScope } from '../../shared/contract/commands.ts'
import { toErrorData } from '../../shared/errors.ts'
import { useFacts, useHost } from '../client/host-context.tsx'
import { useWriteBlock } from '../client/write-block.ts'
import { Button } from '../ui/button.tsx'
import { AlertDialog } from '../ui/dialog.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Field, TextInput } from '../ui/field.tsx'
import { formatPlural } from '../ui/format.ts'
import { useToasts } from '../ui/toast.tsx'
import styles from './command-dialog.module.css'
import { CommandPreviewView } from './command-preview.tsx'
import { commandTitles, describeOutcome, describeScope, endedBy } from './command-words.ts'
import { folderName } from './workspace/folder-name.ts'

export interface CommandDialogProps {
  readonly command: 'drain' | 'kill'
  readonly scope: CommandScope
  readonly onClose: () => void
}

/**
 * The one confirmation of drain and kill. What it shows is frozen when it opens: it acts on exactly those tokens, and
 * nothing that arrives meanwhile changes the picture under the person's hand. Looking again is their own decision.
 */
export function CommandDialog({ command, scope, onClose }: CommandDialogProps) {
  const host = useHost()
  const toasts = useToasts()
  const writeBlock = useWriteBlock()
  const { preview, error, fail, lookAgain } = useFrozenPreview(command, scope)
  const [reason, setReason] = useState('')
  const [typedName, setTypedName] = useState('')
  const [busy, setBusy] = useState(false)
  const reasonField = useRef<HTMLInputElement>(null)
  const nameToType = useNameToType(command, scope)

  async function run(frozen: CommandPreview) {
    setBusy(true)
    try {
      const outcome = await host.call(`commands.${command}`, { scope, reason: reason.trim(), frozen: frozen.frozen })
      toasts.show({ tone: 'good', ...describeOutcome(command, scope, outcome) })
      onClose()
    } catch (thrown) {
      fail(thrown)
    } finally {
      setBusy(false)
    }
  }

  const blocked = whyBlocked({
    writeBlock,
    preview,
    busy,
    command,
    nameMissing: nameToType !== null && typedName !== nameToType,
  })
  return (
    <AlertDialog
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title={`${commandTitles[command]} ${describeScope(scope)}?`}
      description={
        command === 'drain'
          ? 'What waits is killed; what is admitted or runs may finish. Tokens that arrive from now on are left alone.'
          : 'What runs is asked to stop; if it does not, its worker is replaced. Tokens that arrive from now on are left alone.'
      }
      initialFocus={reasonField}
      footer={
        <>
          {preview === null && error === null ? null : (
            <Button
              variant="quiet"
              icon={<RefreshCw size={14} aria-hidden="true" />}
              className={styles.again}
              onClick={lookAgain}
            >
              Look again
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="danger" disabledReason={blocked} onClick={() => preview !== null && void run(preview)}>
            {mainLabel(command, preview)}
          </Button>
        </>
      }
    >
      {error === null ? null : <ErrorNotice error={toErrorData(error)} />}
      <CommandPreviewView command={command} preview={preview} />
      <Field label="Reason" hint="Kept in the activity log, with who did it.">
        {(control) => (
          <TextInput {...control} ref={reasonField} maxLength={1000} value={reason} onValueChange={setReason} />
        )}
      </Field>
      {nameToType === null ? null : (
        <Field
          label={
            <>
              Type <code>{nameToType}</code> to confirm
            </>
          }
        >
          {(control) => <TextInput {...control} value={typedName} onValueChange={setTypedName} />}
        </Field>
      )}
    </AlertDialog>
  )
}

function useFrozenPreview(command: 'drain' | 'kill', scope: CommandScope) {
  const host = useHost()
  const [preview, setPreview] = useState<CommandPreview | null>(null)
  const [error, setError] = useState<unknown>(null)
  const asked = useRef({ command, scope })
  const lookAgain = useCallback(() => {
    setError(null)
    setPreview(null)
    host.call('commands.preview', asked.current).then(setPreview, setError)
  }, [host])
  useEffect(lookAgain, [lookAgain])
  const fail = useCallback((thrown: unknown) => {
    // What was frozen may be gone: acting again needs a fresh look.
    setPreview(null)
    setError(thrown)
  }, [])
  return { preview, error, fail, lookAgain }
}

/** Killing everything at once cannot be taken back: it wants the workspace's name typed. */
function useNameToType(command: 'drain' | 'kill', scope: CommandScope): string | null {
  const path = useFacts((facts) => facts.workspace?.path ?? null)
  if (command !== 'kill' || scope.kind !== 'all') return null
  return path === null ? 'guardhouse' : folderName(path)
}

function whyBlocked(facts: {
  readonly writeBlock: string | null
  readonly preview: CommandPreview | null
  readonly busy: boolean
  readonly command: 'drain' | 'kill'
  readonly nameMissing: boolean
}): string | null {
  if (facts.writeBlock !== null) return facts.writeBlock
  if (facts.busy) return 'The command is under way.'
  if (facts.preview === null) return 'What it would touch is not known yet.'
  if (endedBy(facts.command, facts.preview) === 0) return 'There is nothing that it would end.'
  return facts.nameMissing ? 'Type the name first.' : null
}

function mainLabel(command: 'drain' | 'kill', preview: CommandPreview | null): string {
  if (preview === null) return commandTitles[command]
  const ended = endedBy(command, preview)
  if (command === 'drain') return ended === 0 ? 'Drain' : `Drain: kill ${formatPlural(ended, 'token')}`
  return `Kill ${formatPlural(ended, 'token')}`
}
