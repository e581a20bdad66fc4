import { Cpu, ReceiptText, Tag, Workflow } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import type { Trail, TrailKind } from '../../shared/contract/trail.ts'
import { sequenceOf } from '../../shared/model/token-id.ts'
import { shortTupleId } from '../../shared/model/tuple-id.ts'
import { useQuery } from '../client/host-context.tsx'
import { Link } from '../shell/router-context.tsx'
import { DetailSection } from '../table/detail-section.tsx'
import { Badge } from '../ui/badge.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { StateMark } from '../ui/state-mark.tsx'
import styles from './trail-section.module.css'

interface Step {
  readonly icon: ReactNode
  readonly role: string
  readonly to: readonly string[]
  /** Short; the whole id is `id`. */
  readonly name: string
  readonly id: string
  readonly note: string | null
  readonly mark: ReactNode
}

/** The ways from a tuple, a token, a receipt or a run to the others that belong to it. Nothing where there is none. */
export function TrailSection({ kind, id }: { readonly kind: TrailKind; readonly id: string }) {
  const { data, error, refresh } = useQuery('trail.of', { kind, id }, {})
  useEverLessOften(refresh)
  if (error !== null) {
    return (
      <DetailSection title="Trail">
        <ErrorNotice error={error} />
      </DetailSection>
    )
  }
  const steps = data === null ? [] : stepsOf(data, kind)
  if (data === null || (steps.length === 0 && data.putBy === '')) return null
  return (
    <DetailSection title="Trail" note={data.putBy === '' ? undefined : `put by ${data.putBy}`}>
      <ul className={styles.trail}>
        {steps.map((step) => (
          <li key={`${step.role} ${step.to.join(' ')}`} className={styles.step}>
            <span className={styles.icon}>{step.icon}</span>
            <span className={styles.role}>{step.role}</span>
            <Link to={step.to} className={styles.link} title={step.id}>
              {step.name}
            </Link>
            {step.note === null ? null : <span className={styles.note}>{step.note}</span>}
            <span className={styles.mark}>{step.mark}</span>
          </li>
        ))}
      </ul>
    </DetailSection>
  )
}

const tokenRoles = { caused: 'Led to', put: 'Put by', proved: 'Proves', lead: 'Led by' } as const
const size = { size: 14, 'aria-hidden': true } as const

/** In the order in which things came about. */
function stepsOf({ tuples, tokens, receipts, runs }: Trail, kind: TrailKind): Step[] {
  return [
    ...tuples.filter(({ role }) => role === 'cause').map((tuple) => tupleStep(tuple, 'Made of')),
    ...tokens.map(tokenStep),
    ...runs.map(
      (run): Step => ({
        icon: <Workflow {...size} />,
        role: 'Part of',
        to: ['workflows', run.id],
        name: run.workflow,
        id: run.id,
        note: 'run',
        mark: <Badge tone={run.state === 'completed' ? 'good' : 'neutral'}>{run.state}</Badge>,
      }),
    ),
    ...receipts.map(
      (receipt): Step => ({
        icon: <ReceiptText {...size} />,
        role: kind === 'token' ? 'Left' : 'Proved by',
        to: ['receipts', receipt.id],
        name: receipt.id.slice(0, 12),
        id: receipt.id,
        note: null,
        mark: <Badge tone={receipt.status === 'ok' ? 'good' : 'neutral'}>{receipt.status}</Badge>,
      }),
    ),
    ...tuples.filter(({ role }) => role === 'put').map((tuple) => tupleStep(tuple, 'Put')),
  ]
}

function tokenStep({ id, operation, state, role }: Trail['tokens'][number]): Step {
  const sequence = sequenceOf(id)
  const name = sequence === null ? id : `${operation} #${sequence}`
  const mark = state === null ? <Badge>no longer kept</Badge> : <StateMark state={state} />
  return { icon: <Cpu {...size} />, role: tokenRoles[role], to: ['tokens', id], name, id, note: null, mark }
}

function tupleStep({ id, lane, state }: Trail['tuples'][number], role: string): Step {
  return {
    icon: <Tag {...size} />,
    role,
    to: ['bus', 'tuple', id],
    name: shortTupleId(id),
    id,
    note: lane === null ? null : `lane ${lane}`,
    mark: <Badge tone={state === 'lent' ? 'info' : 'neutral'}>{state}</Badge>,
  }
}

const firstLook = 500
const rarest = 30_000

/** What has just happened is written down a moment later, and what happened long ago changes no more. Milliseconds. */
function useEverLessOften(refresh: () => void): void {
  const newest = useRef(refresh)
  newest.current = refresh
  useEffect(() => {
    let wait = firstLook
    let timer = setTimeout(look, wait)
    function look() {
      newest.current()
      wait = Math.min(rarest, wait * 2)
      timer = setTimeout(look, wait)
    }
    return () => clearTimeout(timer)
  }, [])
}
