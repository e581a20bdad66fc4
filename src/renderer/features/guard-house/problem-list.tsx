import { OctagonAlert, TriangleAlert } from 'lucide-react'
import { useGatePausedBy } from '../../client/gate.ts'
import { useFacts, useTelemetry } from '../../client/host-context.tsx'
import { Link } from '../../shell/router-context.tsx'
import { useSchedulerCommands } from '../../shell/scheduler-commands.tsx'
import { Button } from '../../ui/button.tsx'
import { formatTimeOfDay } from '../../ui/format.ts'
import styles from './problem-list.module.css'
import { findProblems, type Problem, sameProblems } from './problems.ts'

/** What is wrong, before anything else. Nothing while nothing is. */
export function ProblemList() {
  const problems = useProblems()
  if (problems.length === 0) return null
  return (
    <section className={styles.list} aria-label="What is wrong">
      <ul className={styles.rows}>
        {problems.map((problem) => (
          <li key={problem.id} className={styles.row}>
            {problem.tone === 'bad' ? (
              <OctagonAlert size={14} className={styles.bad} aria-label="Error" />
            ) : (
              <TriangleAlert size={14} className={styles.warn} aria-label="Warning" />
            )}
            {problem.id === 'gate' ? <PausedGate /> : <ProblemWords problem={problem} />}
          </li>
        ))}
      </ul>
    </section>
  )
}

function ProblemWords({ problem }: { readonly problem: Problem }) {
  const details = problem.details.join(' · ')
  return (
    <>
      <span className={styles.title}>{problem.title}</span>
      <span className={styles.details} title={problem.details.join('\n')}>
        {details}
      </span>
      {problem.id === 'modules' || problem.id === 'paused-operations' ? (
        <Link to={['operations']}>Operations</Link>
      ) : null}
    </>
  )
}

/** How many things are wrong, for the navigation; nothing when nothing is. */
export function ProblemCount() {
  const problems = useProblems()
  return problems.length === 0 ? null : (
    <>
      <span aria-hidden="true">{problems.length} !</span>
      <span className="visually-hidden">{problems.length} problems</span>
    </>
  )
}

/** The problems of the moment, looked for once a second. */
export function useProblems(): readonly Problem[] {
  const workspace = useFacts((facts) => facts.workspace)
  const operations = useFacts((facts) => facts.operations)
  return useTelemetry((frame) => findProblems({ frame, workspace, operations }), 1000, sameProblems)
}

function PausedGate() {
  const by = useGatePausedBy()
  const commands = useSchedulerCommands()
  return (
    <>
      <span className={styles.title}>
        {by === null ? 'Admission is paused' : `Admission is paused by ${by.actor} since ${formatTimeOfDay(by.at)}`}
      </span>
      <span className={styles.details}>
        {by === null || by.reason === '' ? 'Waiting tokens stay where they are; what was admitted goes on.' : by.reason}
      </span>
      <Button
        size="small"
        disabledReason={commands.disabledReason}
        onClick={() => commands.request('resume', { kind: 'all' })}
      >
        Resume
      </Button>
    </>
  )
}
