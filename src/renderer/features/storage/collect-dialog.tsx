import { useState } from 'react'
import { useWriteBlock } from '../../client/write-block.ts'
import { Button } from '../../ui/button.tsx'
import { AlertDialog } from '../../ui/dialog.tsx'
import { TextInput } from '../../ui/field.tsx'

export interface CollectDialogProps {
  /** What would be removed, in words. */
  readonly summary: string
  readonly onClose: () => void
  readonly onCollect: (reason: string) => void
}

/** Asks before a collection, with a reason for the activity log. */
export function CollectDialog({ summary, onClose, onCollect }: CollectDialogProps) {
  const block = useWriteBlock()
  const [reason, setReason] = useState('')
  return (
    <AlertDialog
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title="Remove what the policy no longer keeps?"
      description={`${summary}. This cannot be undone. What is put meanwhile stays.`}
      footer={
        <>
          <Button onClick={onClose}>Keep everything</Button>
          <Button variant="danger" disabledReason={block} onClick={() => onCollect(reason)}>
            Remove
          </Button>
        </>
      }
    >
      <TextInput
        aria-label="Reason"
        placeholder="Reason, for the activity log"
        value={reason}
        onValueChange={setReason}
      />
    </AlertDialog>
  )
}
