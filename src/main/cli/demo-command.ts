import { ContractClient } from '../../shared/contract/client.ts'
import { isTerminal, tokenStates } from '../../shared/model/token.ts'
import { startControl } from '../control/control-host.ts'
import { PortTransport } from '../control/port-transport.ts'
import { stateDirectory } from '../sdk/state-directory.ts'
import { defineCommand } from './command.ts'
import { CoreLoadMeter } from './core-load.ts'
import { type DemoReport, printDemoReport } from './demo-report.ts'
import { exitCodes } from './exit-code.ts'
import { readNumber } from './read-number.ts'
import { readSampleReport, sampleOperation } from './sample-report.ts'
import type { Terminal } from './terminal.ts'

const telemetryMs = 100

export const demoCommand = defineCommand({
  name: 'demo',
  parameters: '',
  summary: 'Run the sample without a window and check every result',
  details: ['It ends with 0 only if every result was right and every token settled, none of them badly by mistake.'],
  examples: ['guardhouse demo', 'guardhouse demo --scale 10 --json'],
  positionals: { least: 0, most: 0 },
  options: {
    scale: { type: 'string', value: 'FACTOR', help: 'How much of everything, 0.01 to 100; 1 is a few thousand tokens' },
    watch: { type: 'boolean', help: 'Slowly, as the window runs it; left out: everything at once' },
  },
  async run({ options }, { terminal, environment }) {
    const settings = {
      scale: readNumber('scale', options.scale, { least: 0.01, most: 100, whole: false }) ?? 1,
      pace: options.watch ? 'watch' : 'full',
    }
    const control = await startControl({
      options: {},
      host: 'demo',
      readOnly: false,
      workspace: null,
      journal: null,
      stateDirectory: stateDirectory({ environment }),
    })
    try {
      const port = control.connect({ kind: 'window', name: 'command line', readOnly: false })
      const report = await runSample(new ContractClient(new PortTransport(port)), settings, terminal)
      if (options.json) terminal.printJson(report)
      else printDemoReport(report, terminal)
      return report.ok ? exitCodes.ok : exitCodes.failed
    } finally {
      await control.shutdown({ mode: 'abort' })
    }
  },
})

async function runSample(client: ContractClient, settings: object, terminal: Terminal): Promise<DemoReport> {
  await client.call('workspace.openSample', {})
  const { topology } = await client.call('system.info', {})
  terminal.note(`Running the sample on ${topology.usableCores} cores of ${topology.model}`)
  const load = new CoreLoadMeter()
  const subscription = await client.subscribe('telemetry', { intervalMs: telemetryMs }, (frame) => load.add(frame))
  const startedAt = performance.now()
  const { id } = await client.call('tokens.submit', { operation: sampleOperation, arguments: [settings] })
  const outcome = await client.call('tokens.outcome', { id })
  const seconds = (performance.now() - startedAt) / 1000
  const stats = await client.call('system.stats', {})
  subscription.close()

  const sample = readSampleReport(outcome)
  const tokens = stats.token_pool.total_created
  const unsettled = tokenStates
    .filter((state) => !isTerminal(state))
    .reduce((sum, state) => sum + stats.totals[state], 0)
  const { FAILED: failed, KILLED: killed, TIMEOUT: timedOut } = stats.totals
  const endedBadly = failed - sample.expectedFailures + killed + timedOut
  return {
    ok: unsettled === 0 && endedBadly === 0 && sample.oracles.every(({ held }) => held),
    tokens,
    seconds,
    tokensPerSecond: tokens / seconds,
    failed,
    killed,
    timedOut,
    unsettled,
    waits: stats.waits,
    runs: stats.runs,
    cores: load.loads(),
    ...sample,
  }
}
