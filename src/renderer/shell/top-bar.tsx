import {
  CircleDashed,
  Moon,
  Pause,
  Play,
  PlayCircle,
  Plug,
  Search,
  ShieldCheck,
  Sun,
  SunMoon,
  Unplug,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { type ThemeChoice, themeChoices } from '../../shared/window-bridge.ts'
import { useGatePaused, useGatePausedBy } from '../client/gate.ts'
import { useConnection, useFacts } from '../client/host-context.tsx'
import { Badge } from '../ui/badge.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { formatTimeOfDay } from '../ui/format.ts'
import { Kbd } from '../ui/kbd.tsx'
import { Menu, MenuRadio } from '../ui/menu.tsx'
import type { Overlay } from './frame.tsx'
import { shortcutKeys } from './key-names.ts'
import { useSchedulerCommands } from './scheduler-commands.tsx'
import { useTheme, useThemeChoice } from './theme-context.tsx'
import styles from './top-bar.module.css'
import { useRunSample } from './workspace/run-sample.ts'
import { WorkspaceMenu } from './workspace/workspace-menu.tsx'

export interface TopBarProps {
  readonly platform: string
  readonly onOverlay: (overlay: Overlay) => void
}

export function TopBar({ platform, onOverlay }: TopBarProps) {
  const readOnly = useFacts((facts) => facts.info?.readOnly ?? false)
  const sample = useRunSample()
  return (
    <header className={styles.bar}>
      <WorkspaceMenu onOpenFolder={() => onOverlay('open-folder')} />
      <GateControl />
      <Button
        icon={<PlayCircle size={14} aria-hidden="true" />}
        disabledReason={sample.disabledReason}
        tooltip="Open the sample workspace and run all of it"
        onClick={sample.run}
      >
        Run sample
      </Button>
      <span className={styles.space} />
      {readOnly ? <Badge icon={<ShieldCheck size={12} aria-hidden="true" />}>Read-only</Badge> : null}
      <ConnectionMark />
      <button type="button" className={styles.search} title="Search or run" onClick={() => onOverlay('palette')}>
        <Search size={14} aria-hidden="true" />
        <span className={styles.searchWords}>Search or run</span>
        <Kbd keys={shortcutKeys({ accelerator: 'CommandOrControl+K' }, platform) ?? []} />
      </button>
      <ThemeMenu />
    </header>
  )
}

/** Whether tokens are let in, who stopped it, and the button for the other way. */
function GateControl() {
  const paused = useGatePaused()
  const by = useGatePausedBy()
  const commands = useSchedulerCommands()
  const all = { kind: 'all' } as const
  const who = by === null ? '' : ` by ${by.actor} at ${formatTimeOfDay(by.at)}`
  const why = by === null || by.reason === '' ? '' : `: ${by.reason}`
  return (
    <div className={styles.gate}>
      <span role="status">
        <Badge
          tone={paused ? 'warn' : 'neutral'}
          icon={paused ? <Pause size={12} aria-hidden="true" /> : <GateMark open={paused === false} />}
        >
          {paused === null ? 'Gate unknown' : paused ? `Paused${by === null ? '' : ` by ${by.actor}`}` : 'Admitting'}
        </Badge>
      </span>
      {paused ? (
        <Button
          variant="primary"
          icon={<Play size={14} aria-hidden="true" />}
          disabledReason={commands.disabledReason}
          tooltip={`Let waiting tokens go on. Paused${who}${why}`}
          onClick={() => commands.request('resume', all)}
        >
          Resume
        </Button>
      ) : (
        <Button
          icon={<Pause size={14} aria-hidden="true" />}
          disabledReason={commands.disabledReason}
          tooltip="Hold waiting tokens back; what runs goes on"
          onClick={() => commands.request('pause', all)}
        >
          Pause
        </Button>
      )}
    </div>
  )
}

function GateMark({ open }: { readonly open: boolean }) {
  return open ? <Play size={12} aria-hidden="true" /> : <CircleDashed size={12} aria-hidden="true" />
}

function ConnectionMark() {
  const status = useConnection((state) => state.status)
  const connected = status === 'connected'
  return (
    <span className={connected ? styles.connected : styles.unconnected} role="status">
      {connected ? <Plug size={14} aria-hidden="true" /> : <Unplug size={14} aria-hidden="true" />}
      {connected ? 'Connected' : status === 'connecting' ? 'Connecting' : 'Not connected'}
    </span>
  )
}

const themeLabels: Readonly<Record<ThemeChoice, string>> = { light: 'Light', dark: 'Dark', system: 'System' }
const themeIcons: Readonly<Record<ThemeChoice, ReactNode>> = {
  light: <Sun size={14} aria-hidden="true" />,
  dark: <Moon size={14} aria-hidden="true" />,
  system: <SunMoon size={14} aria-hidden="true" />,
}

function ThemeMenu() {
  const theme = useTheme()
  const choice = useThemeChoice()
  return (
    <Menu align="end" trigger={<IconButton label={`Theme: ${themeLabels[choice]}`} icon={themeIcons[choice]} />}>
      <MenuRadio
        label="Theme"
        value={choice}
        options={themeChoices.map((value) => ({ value, label: themeLabels[value], icon: themeIcons[value] }))}
        onValueChange={(value) => theme.choose(value)}
      />
    </Menu>
  )
}
