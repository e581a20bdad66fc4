import type { Stats } from '../../shared/contract/system.ts'
import { tokenStates } from '../../shared/model/token.ts'
import { defineCommand, hostOptions } from './command.ts'
import { exitCodes } from './exit-code.ts'
import { formatCount, formatDuration, formatShare } from './figures.ts'
import { connectToHost } from './host-connection.ts'
import { printableText } from './printable-text.ts'
import { type Column, formatTable } from './table.ts'
import type { Terminal } from './terminal.ts'

export const statsCommand = defineCommand({
  name: 'stats',
  parameters: '',
  summary: 'Show throughput, waits, states, cores and workers',
  positionals: { least: 0, most: 0 },
  options: { ...hostOptions },
  async run({ options }, surroundings) {
    await using connection = await connectToHost(options, surroundings)
    const stats = await connection.client.call('system.stats', {})
    if (options.json) surroundings.terminal.printJson(stats)
    else printStats(stats, surroundings.terminal)
    return exitCodes.ok
  },
})

function printStats(stats: Stats, terminal: Terminal): void {
  const paused = stats.token_pool.paused ? '   PAUSED' : ''
  terminal.print(
    `up ${formatDuration(stats.uptimeSeconds * 1e6)}   ${formatCount(stats.throughputPerSecond)} tokens/s   ` +
      `${costText(stats)}${paused}\n`,
  )
  terminal.print(formatTable(stateColumns, stateRows(stats)))
  terminal.print(`\n${formatTable(timeColumns, timeRows(stats))}`)
  terminal.print(`\n${formatTable(coreColumns, coreRows(stats))}`)
  terminal.print(`\n${formatTable(workerColumns, workerRows(stats), terminal.width)}`)
  const { framesMerged, logLinesDropped, tokensEvicted } = stats.lost
  terminal.note(
    `not kept: ${formatCount(tokensEvicted)} finished tokens, ${formatCount(logLinesDropped)} log lines, ` +
      `${formatCount(framesMerged)} telemetry frames`,
  )
}

const stateColumns: readonly Column[] = [
  { title: 'STATE' },
  { title: 'NOW KEPT', align: 'right' },
  { title: 'SINCE START', align: 'right' },
]

function stateRows({ token_pool, totals }: Stats): string[][] {
  return tokenStates.map((state) => [state, formatCount(token_pool.tokens_by_state[state]), formatCount(totals[state])])
}

const timeColumns: readonly Column[] = ['', 'P50', 'P95', 'P99', 'SAMPLES'].map((title, index) => ({
  title,
  align: index === 0 ? 'left' : 'right',
}))

function timeRows({ waits, runs }: Stats): string[][] {
  return Object.entries({ waited: waits, ran: runs }).map(([name, { p50, p95, p99, samples }]) => [
    name,
    formatDuration(p50),
    formatDuration(p95),
    formatDuration(p99),
    formatCount(samples),
  ])
}

const coreColumns: readonly Column[] = ['CORE', 'CPU', 'PATTERN', 'OURS', 'OTHERS', 'IDLE', 'QUEUED'].map((title) => ({
  title,
  align: 'right',
}))

function coreRows({ cores }: Stats): string[][] {
  return cores.map(({ core, cpu, pattern, ours, others, idle, depth }) => [
    String(core),
    String(cpu),
    String(pattern),
    formatShare(ours),
    formatShare(others),
    formatShare(idle),
    formatCount(depth),
  ])
}

const workerColumns: readonly Column[] = [
  { title: 'WORKER' },
  { title: 'STATE' },
  { title: 'ASKED', align: 'right' },
  { title: 'CONFIRMED', align: 'right' },
  { title: 'LAST CPU', align: 'right' },
  { title: 'EXECUTED', align: 'right' },
  { title: 'QUEUED', align: 'right' },
  { title: 'RESTARTS', align: 'right' },
  { title: 'RUNNING', flexible: true },
]

function workerRows({ workers }: Stats): string[][] {
  return workers.map((worker) => [
    `${worker.core}.${worker.slot}`,
    worker.state,
    String(worker.asked),
    worker.confirmed?.join(',') ?? '-',
    worker.lastCpu === null ? '-' : String(worker.lastCpu),
    formatCount(worker.executed),
    formatCount(worker.mailboxDepth),
    String(worker.restarts),
    printableText(worker.running ?? worker.problem ?? ''),
  ])
}

/** What Guardhouse itself costs, beside the work that it was given. */
function costText({ controlShare, keepingShare, restShare }: Stats): string {
  const share = (value: number | null) => (value === null ? 'unknown' : formatShare(value))
  return `of a core: control thread ${share(controlShare)}, journal and receipts ${share(keepingShare)}, rest ${share(restShare)}`
}
