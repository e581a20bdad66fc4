import type { Quantiles } from '../../shared/contract/common.ts'
import type { CoreLoad } from './core-load.ts'
import { formatCount, formatDuration, formatShare } from './figures.ts'
import { printableText } from './printable-text.ts'
import type { SampleReport } from './sample-report.ts'
import { type Column, formatTable } from './table.ts'
import type { Terminal } from './terminal.ts'

/** What a run of the sample showed. Waits and runs are in microseconds, shares 0..1. */
export interface DemoReport extends SampleReport {
  /** Every oracle held, every token settled, and none ended badly but those that should. */
  readonly ok: boolean
  readonly tokens: number
  /** First submission to last completion. */
  readonly seconds: number
  readonly tokensPerSecond: number
  /** Those that were meant to fail included. */
  readonly failed: number
  readonly killed: number
  readonly timedOut: number
  readonly unsettled: number
  readonly waits: Quantiles
  readonly runs: Quantiles
  readonly cores: readonly CoreLoad[]
}

export function printDemoReport(report: DemoReport, terminal: Terminal): void {
  terminal.print(formatTable(totalColumns, [totals(report)]))
  terminal.print(`\n${formatTable(timeColumns, [times('waited', report.waits), times('ran', report.runs)])}`)
  terminal.print(`\n${formatTable(coreColumns, report.cores.map(coreCells))}`)
  terminal.print(`\n${formatTable(oracleColumns, oracleRows(report, terminal), terminal.width)}`)
  for (const { name, kind, message } of report.failures) {
    terminal.note(printableText(`${name} ended as ${kind}: ${message}`))
  }
  terminal.note(verdict(report))
}

const totalColumns: readonly Column[] = [
  'TOKENS',
  'TIME',
  'TOKENS/S',
  'FAILED',
  'ON PURPOSE',
  'KILLED',
  'TIMED OUT',
  'UNSETTLED',
].map((title) => ({ title, align: 'right' }))
const timeColumns: readonly Column[] = ['', 'P50', 'P95', 'P99', 'SAMPLES'].map((title, index) => ({
  title,
  align: index === 0 ? 'left' : 'right',
}))
const coreColumns: readonly Column[] = ['CORE', 'CPU', 'BUSY', 'OURS', 'OTHERS', 'TOKENS'].map((title) => ({
  title,
  align: 'right',
}))
const oracleColumns: readonly Column[] = [{ title: 'ORACLE' }, { title: 'OF' }, { title: 'FOUND', flexible: true }]

function totals(report: DemoReport): string[] {
  const { tokens, seconds, tokensPerSecond, failed, expectedFailures, killed, timedOut, unsettled } = report
  const counts = [failed, expectedFailures, killed, timedOut, unsettled].map((count) => formatCount(count))
  return [formatCount(tokens), formatDuration(seconds * 1e6), formatCount(tokensPerSecond), ...counts]
}

function times(name: string, { p50, p95, p99, samples }: Quantiles): string[] {
  return [name, formatDuration(p50), formatDuration(p95), formatDuration(p99), formatCount(samples)]
}

function coreCells({ core, cpu, ours, others, executed }: CoreLoad): string[] {
  return [
    String(core),
    String(cpu),
    formatShare(ours + others),
    formatShare(ours),
    formatShare(others),
    formatCount(executed),
  ]
}

function oracleRows({ oracles }: DemoReport, terminal: Terminal): string[][] {
  return oracles.map(({ name, held, detail }) => [
    held ? terminal.style('green', 'held') : terminal.style('red', 'BROKEN'),
    printableText(name),
    printableText(detail),
  ])
}

function verdict({ ok, oracles, failed, expectedFailures, killed, timedOut, unsettled }: DemoReport): string {
  if (ok) return `All ${formatCount(oracles.length)} oracles held and every token settled.`
  const broken = oracles.filter(({ held }) => !held).length
  const endedBadly = failed - expectedFailures + killed + timedOut
  return (
    `${formatCount(broken)} of ${formatCount(oracles.length)} oracles are broken, ` +
    `${formatCount(endedBadly)} tokens ended badly, ${formatCount(unsettled)} did not settle.`
  )
}
