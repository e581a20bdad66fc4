import { Download } from 'lucide-react'
import { useState } from 'react'
import type { ProcedureOutput } from '../../../shared/contract/index.ts'
import { toErrorData } from '../../../shared/errors.ts'
import { sequenceOf } from '../../../shared/model/token-id.ts'
import { shortTupleId } from '../../../shared/model/tuple-id.ts'
import { useHost, useQuery } from '../../client/host-context.tsx'
import { useEvery } from '../../client/use-every.ts'
import { useWriteBlock } from '../../client/write-block.ts'
import { useLocalCommand } from '../../shell/command-registry-context.tsx'
import { Link } from '../../shell/router-context.tsx'
import { DetailFrame } from '../../table/detail-frame.tsx'
import { DetailSection } from '../../table/detail-section.tsx'
import { LongName } from '../../table/long-name.tsx'
import { TrailSection } from '../../trail/trail-section.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { type Fact, Facts } from '../../ui/facts.tsx'
import { formatDateTime, formatPlural } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { useToasts } from '../../ui/toast.tsx'
import styles from './bus-page.module.css'
import { textOf } from './tuple-text.ts'

type Held = ProcedureOutput<'bus.tuples'>['tuples'][number]

export interface TupleInspectorProps {
  readonly id: string
  readonly onClose: () => void
}

const lookEveryMs = 1000

/** One tuple: where it waits or who has it, what it says, and what came of it, also when it is gone. */
export function TupleInspector({ id, onClose }: TupleInspectorProps) {
  const { data, error, refresh } = useQuery('bus.tuples', { template: { id }, limit: 1 })
  const notes = useQuery('bus.tuples', { template: { lane: 'audit', tuple: id }, limit: 50 })
  useEvery(lookEveryMs, () => {
    refresh()
    if (held !== null) notes.refresh()
  })
  const held = useLastSeen(data)
  const gone = data !== null && data.tuples.length === 0
  return (
    <DetailFrame
      title={textOf(held?.tuple.yool) ?? 'Tuple'}
      closeLabel="Close the tuple"
      onClose={onClose}
      busy={data === null}
      line={
        <>
          {data === null ? null : <TupleState held={gone ? null : held} />}
          <code title={id}>
            <LongName name={id} />
          </code>
          <CopyButton label="Copy the tuple's id" text={() => id} />
        </>
      }
      actions={gone ? null : <TakeButton id={id} leased={held?.leased ?? false} onTaken={refresh} />}
    >
      {error === null ? null : <ErrorNotice error={error} />}
      {gone ? (
        <Notice tone="info" title="It is no longer on the bus">
          {held === null
            ? 'It was taken for good, or dropped. A token that it led to has it among its arguments.'
            : 'It was taken for good, or dropped. What you see is what was last read of it.'}
        </Notice>
      ) : null}
      {held === null ? null : <Facts facts={factsOf(held)} />}
      <TrailSection kind="tuple" id={id} />
      <Attempts notes={notes.data?.tuples ?? []} />
      {held === null ? null : <Text tuple={held.tuple} />}
    </DetailFrame>
  )
}

/** What a person reads must not vanish under their eyes because somebody took it. */
function useLastSeen(page: ProcedureOutput<'bus.tuples'> | null): Held | null {
  const [seen, setSeen] = useState<Held | null>(null)
  const now = page?.tuples[0] ?? seen
  if (now !== seen) setSeen(now)
  return now
}

function TupleState({ held }: { readonly held: Held | null }) {
  if (held === null) return <Badge>gone</Badge>
  return held.leased ? <Badge tone="info">lent</Badge> : <Badge>waits</Badge>
}

interface TakeButtonProps {
  readonly id: string
  readonly leased: boolean
  readonly onTaken: () => void
}

/** A button, and the same in the palette. */
function TakeButton({ id, leased, onTaken }: TakeButtonProps) {
  const host = useHost()
  const toasts = useToasts()
  const block = useWriteBlock() ?? (leased ? 'It is lent to somebody.' : null)
  const take = async () => {
    try {
      const { tuple } = await host.call('bus.inp', { template: { id } })
      if (tuple === null) toasts.show({ tone: 'warn', title: 'Somebody else was faster' })
      else
        toasts.show({
          tone: 'good',
          title: `Taken: ${shortTupleId(id)}`,
          action: {
            label: 'Put it back',
            run: () => void host.call('bus.out', { tuple }).then(onTaken, () => undefined),
          },
        })
      onTaken()
    } catch (thrown) {
      const { message, hint } = toErrorData(thrown)
      toasts.show({ tone: 'bad', title: message, text: hint })
    }
  }
  useLocalCommand({
    id: 'bus.takeOpen',
    title: 'Take the open tuple off the bus',
    group: 'Bus',
    keys: 'b t',
    run: () => void take(),
    disabledReason: block,
  })
  return (
    <Button
      size="small"
      icon={<Download size={14} aria-hidden="true" />}
      disabledReason={block}
      onClick={() => void take()}
    >
      Take it off the bus
    </Button>
  )
}

/** Where notes and dead tuples name others, the ways there too. */
function factsOf({ tuple, deliveries }: Held): Fact[] {
  const lane = textOf(tuple.lane)
  const facts: Fact[] = [
    {
      label: 'Lane',
      value:
        lane === null ? (
          'none'
        ) : (
          <Link to={['bus', 'find', lane]} className={styles.lane}>
            {lane}
          </Link>
        ),
    },
    { label: 'Put', value: putAt(tuple.created_at) },
    { label: 'Taken', value: deliveries === 0 ? 'not yet' : formatPlural(deliveries, 'time') },
  ]
  const about = textOf(tuple.tuple) ?? textOf((tuple.tuple as { readonly id?: unknown } | null | undefined)?.id)
  if (about !== null) facts.push({ label: 'About', value: <NameLink to={['bus', 'tuple', about]} name={about} /> })
  const token = textOf(tuple.token)
  if (token !== null && sequenceOf(token) !== null) {
    facts.push({ label: 'Token', value: <NameLink to={['tokens', token]} name={token} /> })
  }
  return facts
}

function NameLink({ to, name }: { readonly to: readonly string[]; readonly name: string }) {
  return (
    <Link to={to} className={styles.id} title={name}>
      <LongName name={name} />
    </Link>
  )
}

/** ISO 8601 with microseconds, as the bus writes it. */
function putAt(created: unknown): string {
  const at = typeof created === 'string' ? Date.parse(created) : Number.NaN
  return Number.isNaN(at) ? 'not said' : formatDateTime(at, true)
}

/** What the lane noted of each attempt. */
function Attempts({ notes }: { readonly notes: readonly Held[] }) {
  if (notes.length === 0) return null
  return (
    <DetailSection title="Attempts" note={formatPlural(notes.length, 'note')}>
      <Facts
        facts={notes.map(({ tuple: note }) => ({
          label: `Attempt ${String(note.attempt)}`,
          value: `${String(note.status)} after ${String(note.duration_ms)} ms${errorOf(note.error)}`,
        }))}
      />
    </DetailSection>
  )
}

function errorOf(error: unknown): string {
  const message = textOf((error as { readonly message?: unknown } | null)?.message)
  return message === null ? '' : `: ${message}`
}

function Text({ tuple }: Pick<Held, 'tuple'>) {
  const text = JSON.stringify(tuple, null, 2)
  return (
    <DetailSection title="Text" actions={<CopyButton label="Copy the tuple" text={() => text} />}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className={styles.text} tabIndex={0}>
        {text}
      </pre>
    </DetailSection>
  )
}
