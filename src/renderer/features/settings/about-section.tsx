import type { SystemInfo } from '../../../shared/contract/system.ts'
import { useTelemetry } from '../../client/host-context.tsx'
import { Facts } from '../../ui/facts.tsx'
import { formatDateTime, formatDuration } from '../../ui/format.ts'
import { SettingsSection } from './settings-section.tsx'

const hosts: Readonly<Record<SystemInfo['host'], string>> = {
  desktop: 'the desktop app',
  server: 'a server on this machine',
  demo: 'a demonstration',
}

export function AboutSection({ info }: { readonly info: SystemInfo }) {
  const uptime = useTelemetry(
    (frame) => formatDuration(frame === null ? null : Math.floor(frame.now / 1e6) * 1e6),
    1000,
  )
  return (
    <SettingsSection title="About">
      <Facts
        facts={[
          { label: 'Guardhouse', value: `${info.version}, contract ${info.contract}` },
          { label: 'Host', value: `${hosts[info.host]}, process ${info.pid}${info.readOnly ? ', read-only' : ''}` },
          { label: 'Started', value: `${formatDateTime(info.epochWall)}, ${uptime} ago` },
          { label: 'Platform', value: info.platform },
          { label: 'Node', value: info.node },
          { label: 'Electron', value: info.electron ?? 'none' },
        ]}
      />
    </SettingsSection>
  )
}
