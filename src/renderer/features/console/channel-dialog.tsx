import { type ChannelMode, channelModes, logChannels } from '../../../shared/contract/log.ts'
import { useQuery } from '../../client/host-context.tsx'
import { useCommand } from '../../client/use-command.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Select } from '../../ui/select.tsx'
import styles from './channel-dialog.module.css'

const modeWords: Readonly<Record<ChannelMode, string>> = {
  muted: 'Nothing',
  warnings: 'Warnings and errors',
  on: 'Everything but debug',
  debug: 'Everything',
}

/** What each channel writes, changed at once. */
export function ChannelDialog({ onClose }: { readonly onClose: () => void }) {
  const { data, refresh } = useQuery('log.channels', {})
  const configure = useCommand('log.configure')
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Channels"
      width="wide"
      description="A change holds at once, for every window. Lines that were not written cannot be shown later."
      footer={
        <>
          <Button
            disabledReason={configure.block}
            onClick={() => void configure.run({ enabled: !(data?.enabled ?? true) }).then(refresh)}
          >
            {data?.enabled === false ? 'Write again' : 'Stop writing'}
          </Button>
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        </>
      }
    >
      <ul className={styles.channels}>
        {logChannels.map((channel) => (
          <li key={channel} className={styles.channel}>
            <span>{channel}</span>
            <Select
              aria-label={`What ${channel} writes`}
              value={data?.channels[channel] ?? 'warnings'}
              options={channelModes.map((mode) => ({ value: mode, label: modeWords[mode] }))}
              disabled={configure.block !== null}
              onValueChange={(mode) => void configure.run({ channels: { [channel]: mode } }).then(refresh)}
            />
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
