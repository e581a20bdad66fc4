import type { ProcedureOutput } from '../../../shared/contract/index.ts'
import type { ContractAgent } from '../../../shared/contract/kernel.ts'
import { useQuery } from '../../client/host-context.tsx'
import { useEvery } from '../../client/use-every.ts'
import { Link } from '../../shell/router-context.tsx'
import { type DataColumn, DataTable } from '../../table/data-table.tsx'
import { opensRow } from '../../table/row-focus.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { formatAgo, formatCount, formatPlural, formatShown } from '../../ui/format.ts'
import { Panel } from '../../ui/panel.tsx'
import styles from './bus-page.module.css'

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

const columns: readonly DataColumn<ContractAgent>[] = [
  {
    title: 'Asks for',
    cell: ({ id, yool }) => (
      <Link {...opensRow} to={['bus', 'find', JSON.stringify({ agent: id })]} className={styles.id} title={id}>
        {yool}
      </Link>
    ),
  },
  { title: 'Lane', cell: ({ lane }) => lane },
  { title: 'State', cell: ({ state }) => <Badge tone={stateTones[state]}>{state}</Badge> },
  { title: 'Place', mono: true, cell: ({ map }) => map.join(' / ') },
  { title: 'Wall', cell: ({ wall }) => wall ?? 'none' },
  { title: 'Last moved', cell: ({ lastActive }) => formatAgo(Math.max(0, Date.now() - lastActive)) },
]

/** Counting every tuple takes a host with a million of them a while: less often than the rest of the page, milliseconds. */
const lookEveryMs = 5000

/** Who was spawned, how many stand behind batches, and which providers are left alone. */
export function AgentsPanel() {
  const { data: page, refresh: pageAgain } = useQuery('kernel.scanIndex', { limit: 50 })
  const { data: snapshot, refresh: snapshotAgain } = useQuery('kernel.snapshot', {})
  useEvery(lookEveryMs, () => {
    pageAgain()
    snapshotAgain()
  })
  const agents = page?.agents ?? []
  const matched = page?.matched ?? 0
  return (
    <Panel flush title="Agents" note={snapshot === null ? undefined : noteOf(snapshot, agents.length, matched)}>
      {agents.length === 0 ? (
        <p className={styles.quiet}>
          No agent is active. An operation spawns them with <code>context().kernel</code>, a program with{' '}
          <code>kernel.spawn</code>: see docs/bus.md.
        </p>
      ) : (
        <DataTable label="Agents" columns={columns} rows={agents} keyOf={({ id }) => id} />
      )}
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
            provider {name} <Badge tone={circuitTones[state]}>{`circuit ${state}${trouble}${left}`}</Badge>
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
