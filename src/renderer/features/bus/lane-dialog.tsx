import { useState } from 'react'
import { useHost } from '../../client/host-context.tsx'
import { useWriteBlock } from '../../client/write-block.ts'
import { Button } from '../../ui/button.tsx'
import { AlertDialog } from '../../ui/dialog.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { TextInput } from '../../ui/field.tsx'
import { formatPlural } from '../../ui/format.ts'
import { useToasts } from '../../ui/toast.tsx'

export interface LaneQuestion {
  readonly lane: string
  readonly command: 'pause' | 'resume' | 'drain' | 'kill'
}

const explanations: Readonly<Record<LaneQuestion['command'], string>> = {
  pause: 'Nothing more is taken from it; what runs goes on. Its tuples stay.',
  resume: 'Its tuples are taken again, in their old order.',
  drain: 'Every tuple that waits in it is discarded. What runs goes on. This cannot be undone.',
  kill: 'Every tuple that waits in it is discarded and the tokens it made are killed. This cannot be undone.',
}

/** Asks before a command on a lane, with a reason for the activity log. */
export function LaneDialog({
  question: { lane, command },
  onClose,
}: {
  readonly question: LaneQuestion
  readonly onClose: (done: boolean) => void
}) {
  const { connection } = useHost()
  const toasts = useToasts()
  const block = useWriteBlock()
  const [reason, setReason] = useState('')
  const [error, setError] = useState<unknown>(null)
  const act = async () => {
    try {
      const done = await connection.store.getState().client?.call('bus.laneCommand', { lane, command, reason })
      if (done !== undefined) {
        const text = `${formatPlural(done.discarded, 'tuple')} discarded, ${formatPlural(done.killed, 'token')} killed`
        toasts.show({
          tone: 'good',
          title: `Lane ${lane}: ${command}`,
          text: command === 'drain' || command === 'kill' ? text : '',
        })
      }
      onClose(true)
    } catch (thrown) {
      setError(thrown)
    }
  }
  const destructive = command === 'drain' || command === 'kill'
  return (
    <AlertDialog
      open
      onOpenChange={(open) => {
        if (!open) onClose(false)
      }}
      title={`${command.slice(0, 1).toUpperCase()}${command.slice(1)} the lane ${lane}?`}
      description={explanations[command]}
      footer={
        <>
          <Button onClick={() => onClose(false)}>Leave it</Button>
          <Button variant={destructive ? 'danger' : 'primary'} disabledReason={block} onClick={() => void act()}>
            {`${command.slice(0, 1).toUpperCase()}${command.slice(1)}`}
          </Button>
        </>
      }
    >
      {error === null ? null : <ErrorNotice error={error} />}
      <TextInput
        aria-label="Reason"
        placeholder="Reason, for the activity log"
        value={reason}
        onValueChange={setReason}
      />
    </AlertDialog>
  )
}
