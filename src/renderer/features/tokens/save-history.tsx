import { Download } from 'lucide-react'
import { useState } from 'react'
import { toErrorData } from '../../../shared/errors.ts'
import { useHost } from '../../client/host-context.tsx'
import { useReadBlock } from '../../client/write-block.ts'
import { useLocalCommand } from '../../shell/command-registry-context.tsx'
import { Button } from '../../ui/button.tsx'
import { formatPlural } from '../../ui/format.ts'
import { saveFile } from '../../ui/save-file.ts'
import { useToasts } from '../../ui/toast.tsx'

/** Saves the newest finished tokens as the file that TokenGuard's own tools read; `guardhouse dump` writes the same. */
export function SaveHistory() {
  const host = useHost()
  const toasts = useToasts()
  const [saving, setSaving] = useState(false)
  const readBlock = useReadBlock()
  const disabledReason = readBlock ?? (saving ? 'The history is being read.' : null)

  async function save() {
    setSaving(true)
    try {
      const dump = await host.call('history.dump', {})
      if (dump.total_executions === 0) {
        toasts.show({ tone: 'info', title: 'No token has finished yet', text: 'There is nothing to save.' })
        return
      }
      const name = `execution_history_${Math.floor(dump.timestamp)}.json`
      saveFile(name, 'application/json', `${JSON.stringify(dump, null, 2)}\n`)
      const saved = formatPlural(dump.total_executions, 'finished token')
      toasts.show({ tone: 'good', title: `Saved ${saved}`, text: name })
    } catch (error) {
      const { message, hint } = toErrorData(error)
      toasts.show({ tone: 'bad', title: `The history could not be saved: ${message}`, text: hint })
    } finally {
      setSaving(false)
    }
  }

  useLocalCommand({
    id: 'tokens.saveHistory',
    title: 'Save the history of finished tokens',
    group: 'Tokens',
    disabledReason,
    run: () => void save(),
  })
  return (
    <Button
      icon={<Download size={14} aria-hidden="true" />}
      disabledReason={disabledReason}
      tooltip="Save the newest finished tokens as a file: token, operation, outcome, time and worker of each"
      onClick={() => void save()}
    >
      Save history
    </Button>
  )
}
