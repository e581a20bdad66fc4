/** What a summary of a run says. */
export interface RunSummary {
  readonly workflow: string
  readonly executionId: string
  readonly status: string
  readonly milliseconds: number
  readonly phase: 'FULL DAG' | 'ADMISSION' | 'MID-WORKFLOW'
  /** Nodes that ended with SUCCESS. */
  readonly nodes: number
  readonly exitReason: string
  /** Null: nothing failed against a rule. */
  readonly failure: { readonly stage: string; readonly reason: string; readonly impact: string } | null
  readonly violations: readonly string[]
  readonly errors: readonly { readonly type: string; readonly origin: string; readonly details: string | null }[]
  readonly flow: readonly string[]
}

/** The summary as Markdown, in the layout of pgs_runtime 0.2.0: no newline at the end. */
export function summaryMarkdown(summary: RunSummary): string {
  const { workflow, executionId, failure, violations, errors, flow } = summary
  return [
    '# Execution Trace',
    `**Workflow**: \`${workflow}\`\n**Execution ID**: \`${executionId}\``,
    `## Summary\n\n${facts(summary).join('\n')}`,
    ...(failure === null
      ? []
      : [
          `## Failure Point\n\n- **Stage**: ${failure.stage}\n- **Reason**: ${failure.reason}\n- **Impact**: ${failure.impact}`,
        ]),
    ...(violations.length === 0
      ? []
      : [`## Protocol Violations\n\n${violations.map((each) => `- ${each}`).join('\n')}`]),
    ...(errors.length === 0 ? [] : [`## Errors\n\n${errors.map(errorText).join('\n')}`]),
    `## Execution Flow\n\n${flow.map((line, index) => `${index + 1}. ${line}`).join('\n')}`,
  ].join('\n\n')
}

function facts({ status, milliseconds, phase, nodes, exitReason, failure }: RunSummary): string[] {
  return [
    `- **Status**: ${status}`,
    `- **Duration**: ${milliseconds} ms`,
    `- **${failure === null ? 'Execution' : 'Failure'} Phase**: ${phase}`,
    ...(nodes === 0 ? [] : [`- **Nodes Executed**: ${nodes}`]),
    `- **Exit Reason**: ${exitReason}`,
  ]
}

function errorText({ type, origin, details }: RunSummary['errors'][number]): string {
  const lines = [`- **Type**: \`${type}\``, `- **Origin**: \`${origin}\``]
  return (details === null ? lines : [...lines, '', '```', details, '```']).join('\n')
}
