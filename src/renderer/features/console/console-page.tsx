import { Pause, Play, Terminal, X } from 'lucide-react'
import { useState } from 'react'
import { type LogChannel, type LogLevel, type LogLine, logChannels } from '../../../shared/contract/log.ts'
import { useFacts, useWallClock } from '../../client/host-context.tsx'
import { useLocalCommand } from '../../shell/command-registry-context.tsx'
import { FindField } from '../../shell/find-field.tsx'
import type { PageDefinition, PageProps } from '../../shell/page.ts'
import { useRouter } from '../../shell/router-context.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { formatCount, formatDateTime, formatShown, formatWorker } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Select } from '../../ui/select.tsx'
import { ChannelDialog } from './channel-dialog.tsx'
import { ConsoleLines } from './console-lines.tsx'
import styles from './console-page.module.css'
import { type ConsolePlace, parseConsolePlace, workerLinesPath } from './console-place.ts'
import { useConsole } from './use-console.ts'

export const consolePage: PageDefinition = {
  id: 'console',
  title: 'Console',
  icon: <Terminal size={16} aria-hidden="true" />,
  command: 'go.console',
  Component: ConsolePage,
}

type LeastLevel = 'debug' | 'info' | 'warn' | 'error'
const levels: Readonly<Record<LeastLevel, readonly LogLevel[] | undefined>> = {
  debug: undefined,
  info: ['info', 'state', 'dispatch', 'warn', 'error'],
  warn: ['warn', 'error'],
  error: ['error'],
}

function ConsolePage({ path }: PageProps) {
  const place = parseConsolePlace(path)
  const [text, setText] = useState('')
  const [least, setLeast] = useState<LeastLevel>('debug')
  const [channel, setChannel] = useState<LogChannel | 'all'>('all')
  const [follow, setFollow] = useState(true)
  const [choosing, setChoosing] = useState(false)
  const chosen = levels[least]
  const { lines, matched, kept, gone, error } = useConsole(
    {
      ...place,
      ...(chosen === undefined ? {} : { levels: [...chosen] }),
      ...(channel === 'all' ? {} : { channels: [channel] }),
      ...(text.trim() === '' ? {} : { text: text.trim() }),
    },
    follow,
  )
  useLocalCommand({
    id: 'console.follow',
    title: follow ? 'Hold the console still' : 'Follow the console',
    group: 'Console',
    keys: 'f',
    run: () => setFollow(!follow),
  })
  const wallOf = useWallClock()
  const router = useRouter()
  const shown = lines ?? []
  function clear() {
    setText('')
    setLeast('debug')
    setChannel('all')
    router.go(['console'])
  }
  return (
    <>
      <PageHeader
        title="Console"
        note={
          lines === null
            ? undefined
            : `${formatShown(lines.length, matched, 'lines')}${gone === 0 ? '' : `; ${formatCount(gone)} older ones are gone`}`
        }
        actions={
          <>
            <Button
              icon={follow ? <Pause size={14} aria-hidden="true" /> : <Play size={14} aria-hidden="true" />}
              onClick={() => setFollow(!follow)}
            >
              {follow ? 'Hold still' : 'Follow'}
            </Button>
            <Button onClick={() => setChoosing(true)}>Channels…</Button>
            <CopyButton label="Copy the lines shown" text={() => linesAsText(shown, wallOf)} />
          </>
        }
      />
      <div className={styles.filters}>
        <FindField
          command={{ id: 'console.find', title: 'Find in the console', group: 'Console' }}
          className={styles.find}
          label="Find in the log"
          placeholder="Find in the log"
          value={text}
          onValueChange={setText}
        />
        <Select
          aria-label="Level"
          value={least}
          options={[
            { value: 'debug', label: 'All levels' },
            { value: 'info', label: 'Info and above' },
            { value: 'warn', label: 'Warnings and errors' },
            { value: 'error', label: 'Errors' },
          ]}
          onValueChange={setLeast}
        />
        <Select
          aria-label="Channel"
          value={channel}
          options={[
            { value: 'all', label: 'All channels' },
            ...logChannels.map((name) => ({ value: name, label: name })),
          ]}
          onValueChange={setChannel}
        />
        <WorkerSelect place={place} />
        <PlaceChip place={place} />
      </div>
      {error === null ? null : (
        <div className={styles.problem}>
          <ErrorNotice error={error} />
        </div>
      )}
      {lines?.length === 0 ? (
        <Nothing kept={kept} onChannels={() => setChoosing(true)} onClear={clear} />
      ) : (
        <ConsoleLines lines={shown} follow={follow} />
      )}
      {choosing ? <ChannelDialog onClose={() => setChoosing(false)} /> : null}
    </>
  )
}

/** One core, and once that is chosen one of its workers. A place is one question, so it leaves a token or an operation. */
function WorkerSelect({ place: { core, slot } }: { readonly place: ConsolePlace }) {
  const router = useRouter()
  const cores = useFacts((facts) => facts.info?.topology.cores.length ?? 0)
  const slots = useFacts((facts) => facts.info?.options.find(({ name }) => name === 'workersPerCore')?.value)
  const all = { value: 'all', label: 'All cores' }
  const each = { value: 'all', label: 'All of its workers' }
  return (
    <>
      <Select
        aria-label="Core"
        value={core === undefined ? 'all' : String(core)}
        options={[all, ...numbers(cores, 1).map((value) => ({ value, label: `Core ${value}` }))]}
        onValueChange={(value) => router.go(workerLinesPath(value === 'all' ? null : Number(value), null))}
      />
      {core === undefined ? null : (
        <Select
          aria-label="Worker"
          value={slot === undefined ? 'all' : String(slot)}
          options={[each, ...numbers(Number(slots ?? 1), 0).map((value) => ({ value, label: `Slot ${value}` }))]}
          onValueChange={(value) => router.go(workerLinesPath(core, value === 'all' ? null : Number(value)))}
        />
      )}
    </>
  )
}

function numbers(count: number, first: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => String(first + index))
}

function PlaceChip({ place }: { readonly place: ConsolePlace }) {
  const router = useRouter()
  const about = place.token ?? place.operation
  if (about === undefined) return null
  return (
    <>
      <Button
        size="small"
        icon={<X size={12} aria-hidden="true" />}
        tooltip="Show the lines of everything"
        onClick={() => router.go(['console'])}
      >
        {`only ${place.token === undefined ? 'operation' : 'token'} ${about}`}
      </Button>
      <Button
        size="small"
        variant="quiet"
        onClick={() => router.go([place.token === undefined ? 'operations' : 'tokens', about])}
      >
        {place.token === undefined ? 'Open the operation' : 'Open the token'}
      </Button>
    </>
  )
}

interface NothingProps {
  readonly kept: number
  readonly onChannels: () => void
  readonly onClear: () => void
}

function Nothing({ kept, onChannels, onClear }: NothingProps) {
  return (
    <EmptyState
      icon={<Terminal size={24} aria-hidden="true" />}
      title={kept === 0 ? 'Nothing has been written yet' : 'No line matches'}
      action={
        kept === 0 ? (
          <Button onClick={onChannels}>Choose channels…</Button>
        ) : (
          <Button onClick={onClear}>Show every line</Button>
        )
      }
    >
      Operations write here through context().log and console, the engine through its channels: warnings and errors
      always, the rest where it is switched on under Channels.
    </EmptyState>
  )
}

function linesAsText(lines: readonly LogLine[], wallOf: ((at: number) => number) | null): string {
  return lines
    .map(({ at, channel, level, core, slot, token, text }) => {
      const time = wallOf === null ? at.toFixed(0) : formatDateTime(wallOf(at), true)
      const worker = core === null ? '' : ` core ${formatWorker(core, slot)}`
      return `${time} ${level} [${channel}]${worker}${token === null ? '' : ` ${token}`} ${text}`
    })
    .join('\n')
}
