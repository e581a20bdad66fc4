import type { ContractAnswer, ExaminedRun, Finding } from './finding.ts'

const heavy = '='.repeat(60)
const light = '-'.repeat(60)

/** The report on a run, as lines. `artifact` and `hint` belong to a fault of the system. */
export function reportLines(run: ExaminedRun, artifact: string | null, hint: string | null): string[] {
  const { finding } = run
  if (finding === null) return [cleanLine(run), ...answerLines(run.answers)]
  if (finding.failure === 'BUSINESS_VIOLATION') return [...violationLines(run, finding), ...answerLines(run.answers)]
  return [
    heavy,
    '[trace-examiner] STRUCTURAL FAILURE DETECTED',
    heavy,
    ...subjectLines(run),
    field('Failing Node:', finding.node ?? '(workflow-level)'),
    field('Failure Class:', finding.failure),
    field('Reason:', finding.reason),
    field('Artifact:', artifact ?? '(unresolved)'),
    field('Fix:', hint ?? ''),
    heavy,
  ]
}

function cleanLine({ workflow, traceId }: ExaminedRun): string {
  return `[trace-examiner] ${workflow} \u2014 ${traceId} \u2014 no structural failures`
}

function violationLines(run: ExaminedRun, { node, reason }: Finding): string[] {
  return [
    light,
    '[trace-examiner] BUSINESS VIOLATION (not escalated)',
    light,
    ...subjectLines(run),
    field('Node:', node ?? '(unknown)'),
    field('Reason:', reason),
    light,
  ]
}

function subjectLines({ traceId, workflow }: ExaminedRun): string[] {
  // One blank less than the others: so the reference prints it.
  return [`Trace ID:      ${traceId}`, field('Workflow:', workflow)]
}

function field(label: string, value: string): string {
  return label.padEnd(16) + value
}

function answerLines(answers: readonly ContractAnswer[]): string[] {
  if (answers.length === 0) return []
  const lines = answers.map(({ contract, status }) => `  [${isGood(status) ? 'OK' : 'FAILED'}] ${contract}: ${status}`)
  return [light, '[trace-examiner] SIDE-EFFECT OUTCOMES', light, ...lines, light]
}

function isGood(status: string): boolean {
  return ['SUCCESS', 'ACK', 'completed'].includes(status)
}
