import { Pause, Play, Search, Terminal, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { type LogChannel, type LogLevel, logChannels } from '../../../shared/contract/log.ts'
import { useFacts, useQuery } from '../../client/host-context.tsx'
import { useEvery } from '../../client/use-every.ts'
import { useLocalCommand } from '../../shell/command-registry-context.tsx'
import type { PageDefinition, PageProps } from '../../shell/page.ts'
import { useRouter } from '../../shell/router-context.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { TextInput } from '../../ui/field.tsx'
import { formatCount, formatShown } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Select } from '../../ui/select.tsx'
import { ChannelDialog } from './channel-dialog.tsx'
import { ConsoleLines } from './console-lines.tsx'
import styles from './console-page.module.css'
import { type ConsolePlace, parseConsolePlace } from './console-place.ts'

export const consolePage: PageDefinition = {
  id: 'console',
  title: 'Console',
  icon: <Terminal size={16} aria-hidden="true" />,
  command: 'go.console',
  Component: ConsolePage,
}

const shownLines = 1000
const newsEveryMs = 500

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
  const [core, setCore] = useState('all')
  const [follow, setFollow] = useState(true)
  const [choosing, setChoosing] = useState(false)
  const chosen = levels[least]
  const { data, error, refresh } = useQuery('log.query', {
    ...place,
    ...(chosen === undefined ? {} : { levels: [...chosen] }),
    ...(channel === 'all' ? {} : { channels: [channel] }),
    ...(core === 'all' ? {} : { core: Number(core) }),
    ...(text.trim() === '' ? {} : { text: text.trim() }),
    limit: shownLines,
  })
  useEvery(follow ? newsEveryMs : null, refresh)
  useLocalCommand({
    id: 'console.follow',
    title: follow ? 'Hold the console still' : 'Follow the console',
    group: 'Console',
    keys: 'f',
    run: () => setFollow(!follow),
  })
  const lines = data?.lines ?? []
  const asText = () =>
    lines
      .map((line) => `${line.at.toFixed(0)} [${line.channel}] ${line.level} ${line.token ?? ''} ${line.text}`)
      .join('\n')
  return (
    <>
      <PageHeader
        title="Console"
        note={
          data === null
            ? undefined
            : `${formatShown(lines.length, data.matched, 'lines')}${data.gone === 0 ? '' : `; ${formatCount(data.gone)} older ones are gone`}`
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
            <CopyButton label="Copy the lines shown" text={asText} />
          </>
        }
      />
      <div className={styles.filters}>
        <FindInLog text={text} onTextChange={setText} />
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
        <CoreSelect core={core} onCoreChange={setCore} />
        <PlaceChip place={place} />
      </div>
      {error === null ? null : (
        <div className={styles.problem}>
          <ErrorNotice error={error} />
        </div>
      )}
      {data !== null && lines.length === 0 ? (
        <Nothing kept={data.kept} />
      ) : (
        <ConsoleLines lines={lines} follow={follow} />
      )}
      {choosing ? <ChannelDialog onClose={() => setChoosing(false)} /> : null}
    </>
  )
}

function FindInLog({ text, onTextChange }: { readonly text: string; readonly onTextChange: (text: string) => void }) {
  const input = useRef<HTMLInputElement>(null)
  useLocalCommand({
    id: 'console.find',
    title: 'Find in the console',
    group: 'Console',
    keys: '/',
    run: () => input.current?.select(),
  })
  return (
    <TextInput
      ref={input}
      type="search"
      className={styles.find}
      aria-label="Find in the log"
      placeholder="Find in the log"
      icon={<Search size={14} aria-hidden="true" />}
      value={text}
      onValueChange={onTextChange}
    />
  )
}

function CoreSelect({ core, onCoreChange }: { readonly core: string; readonly onCoreChange: (core: string) => void }) {
  const cores = useFacts((facts) => facts.info?.topology.cores.length ?? 0)
  return (
    <Select
      aria-label="Worker"
      value={core}
      options={[
        { value: 'all', label: 'All workers' },
        ...Array.from({ length: cores }, (_, index) => ({
          value: String(index + 1),
          label: `Workers of core ${index + 1}`,
        })),
      ]}
      onValueChange={onCoreChange}
    />
  )
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
      {place.token === undefined ? null : (
        <Button size="small" variant="quiet" onClick={() => router.go(['tokens', about])}>
          Open the token
        </Button>
      )}
    </>
  )
}

function Nothing({ kept }: { readonly kept: number }) {
  return (
    <EmptyState
      icon={<Terminal size={24} aria-hidden="true" />}
      title={kept === 0 ? 'Nothing has been written yet' : 'No line matches'}
    >
      Operations write here through context().log and console, the engine through its channels: warnings and errors
      always, the rest where it is switched on under Channels.
    </EmptyState>
  )
}
