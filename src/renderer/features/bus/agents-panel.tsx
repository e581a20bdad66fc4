import { useEffect } from 'react'
import type { ProcedureOutput } from '../../../shared/contract/index.ts'
import type { ContractAgent } from '../../../shared/contract/kernel.ts'
import { useQuery } from '../../client/host-context.tsx'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { formatAgo, formatCount, formatPlural, formatShown } from '../../ui/format.ts'
import { Panel } from '../../ui/panel.tsx'
import styles from './bus-page.module.css'
import { type Column, DataTable } from './data-table.tsx'

type Snapshot = ProcedureOutput<'kernel.snapshot'>

const stateTones: Readonly<Record<ContractAgent['state'], Tone>> = {
  waiting: 'neutral',
  running: 'info',
  done: 'good',
  compressed: 'neutral',
}
const circuitTones: Readonly<Record<Snapshot['providers'][string]['state'], Tone>> = {
  closed: 'good',
  open: 'bad',
  'half-open': 'warn',
}

const columns: readonly Column<ContractAgent>[] = [
  { title: 'Asks for', cell: ({ yool }) => <span className={styles.mono}>{yool}</span> },
  { title: 'Lane', cell: ({ lane }) => lane },
  { title: 'State', cell: ({ state }) => <Badge tone={stateTones[state]}>{state}</Badge> },
  { title: 'Place', cell: ({ map }) => <span className={styles.mono}>{map.join(' / ')}</span> },
  { title: 'Wall', cell: ({ wall }) => wall ?? 'none' },
  { title: 'Last moved', cell: ({ lastActive }) => formatAgo(Math.max(0, Date.now() - lastActive)) },
]

/** Counting every tuple takes a host with a million of them a while: less often than the rest of the page, milliseconds. */
const lookEveryMs = 5000

/** Who was spawned, how many stand behind batches, and which providers are left alone. */
export function AgentsPanel() {
  const { data: page, refresh: pageAgain } = useQuery('kernel.scanIndex', { limit: 50 })
  const { data: snapshot, refresh: snapshotAgain } = useQuery('kernel.snapshot', {})
  useEffect(() => {
    const timer = setInterval(() => {
      pageAgain()
      snapshotAgain()
    }, lookEveryMs)
    return () => clearInterval(timer)
  }, [pageAgain, snapshotAgain])
  const agents = page?.agents ?? []
  const matched = page?.matched ?? 0
  return (
    <Panel title="Agents" note={snapshot === null ? undefined : noteOf(snapshot, agents.length, matched)}>
      <DataTable
        label="Agents"
        columns={columns}
        rows={agents}
        keyOf={({ id }) => id}
        empty="No agent is active. An operation spawns them with context().kernel, a program with kernel.spawn: see docs/bus.md."
      />
      <Providers providers={snapshot?.providers ?? {}} />
    </Panel>
  )
}

function Providers({ providers }: Pick<Snapshot, 'providers'>) {
  const names = Object.keys(providers).sort()
  if (names.length === 0) return null
  return (
    <ul className={styles.providers} aria-label="Circuits of providers">
      {names.map((name) => {
        const circuit = providers[name]
        if (circuit === undefined) return null
        const { state, faults, remainingMs } = circuit
        const left = state === 'open' ? `, ${formatPlural(Math.ceil(remainingMs / 1000), 'second')} left` : ''
        const trouble = faults === 0 ? '' : `, ${formatPlural(faults, 'fault')} in a row`
        return (
          <li key={name}>
            {name} <Badge tone={circuitTones[state]}>{`circuit ${state}${trouble}${left}`}</Badge>
          </li>
        )
      })}
    </ul>
  )
}

function noteOf({ compressed, virtual, batches, cache }: Snapshot, shown: number, matched: number): string {
  const parts = [formatShown(shown, matched, 'active agents')]
  if (compressed > 0) parts.push(`${formatCount(compressed)} compressed`)
  if (batches > 0) parts.push(`${grouped(virtual)} virtual in ${formatPlural(batches, 'batch', 'batches')}`)
  if (cache.hits + cache.shared > 0)
    parts.push(`${formatPlural(cache.hits + cache.shared, 'call')} answered without a run`)
  return parts.join(', ')
}

/** Numbers of leaves may be longer than any float. */
function grouped(digits: string): string {
  return digits.replace(/\B(?=(?:\d{3})+$)/g, ',')
}
