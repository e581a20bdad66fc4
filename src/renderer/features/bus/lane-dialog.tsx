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
  readonly command: 'drain' | 'kill'
  /** Tuples that waited, and calls that ran, when it was asked. */
  readonly waiting: number
  readonly running: number
}

const titles = { drain: 'Drain', kill: 'Kill' } as const

/** Asks before what waits in a lane is discarded, with a reason for the activity log. */
export function LaneDialog({
  question,
  onClose,
}: {
  readonly question: LaneQuestion
  readonly onClose: (done: boolean) => void
}) {
  const { lane, command } = question
  const host = useHost()
  const toasts = useToasts()
  const block = useWriteBlock()
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const act = async () => {
    setBusy(true)
    try {
      const { discarded, killed } = await host.call('bus.laneCommand', { lane, command, reason })
      toasts.show({
        tone: 'good',
        title: command === 'drain' ? `Lane ${lane} drained` : `Lane ${lane} killed`,
        text: `${formatPlural(discarded, 'tuple')} discarded, ${formatPlural(killed, 'token')} killed`,
      })
      onClose(true)
    } catch (thrown) {
      setError(thrown)
      setBusy(false)
    }
  }
  return (
    <AlertDialog
      open
      onOpenChange={(open) => {
        if (!open) onClose(false)
      }}
      title={`${titles[command]} the lane ${lane}?`}
      description={explain(question)}
      footer={
        <>
          <Button onClick={() => onClose(false)}>Leave it</Button>
          <Button
            variant="danger"
            disabledReason={block ?? (busy ? 'It is under way.' : null)}
            onClick={() => void act()}
          >
            {titles[command]}
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

function explain({ command, waiting, running }: LaneQuestion): string {
  const discarded = `${formatPlural(waiting, 'tuple')} ${waiting === 1 ? 'waits' : 'wait'} in it now; whatever waits is discarded.`
  const runs =
    running === 0 ? 'Nothing of it runs.' : `${formatPlural(running, 'call')} of it ${running === 1 ? 'runs' : 'run'}`
  if (running === 0) return `${discarded} ${runs} This cannot be undone.`
  return `${discarded} ${runs} and ${command === 'kill' ? 'will be killed' : 'will finish'}. This cannot be undone.`
}
