import { ContractClient } from '../../shared/contract/client.ts'
import { startControl } from './control-host.ts'
import { PortTransport } from './port-transport.ts'

/**
 * A host that a test kills in the middle of a run: one run whose lead has begun and whose operations do not end, and one whose
 * lead waits because everything is paused. Arguments: state directory, workspace. Tells the runs once they have come so far.
 */
const [stateDirectory = '', path = ''] = process.argv.slice(2)
const control = await startControl({
  ...{ options: { workersPerCore: 1 }, host: 'server', readOnly: false, workspace: null },
  ...{ journal: { path: null }, stateDirectory },
})
const client = new ContractClient(new PortTransport(control.connect({ kind: 'window', name: 'test', readOnly: false })))
await client.call('workspace.open', { path })
await client.call('workspace.trust', { path })
const start = (slowly: number) =>
  client.call('workflows.start', { workflow: 'crash.steps', payload: { key: 'open-sesame', slowly } })
const begun = await start(60_000)
const turn = () => new Promise((resolve) => setTimeout(resolve, 5))
const filter = { operations: ['crash.slow'], states: ['EXECUTING' as const] }
while ((await client.call('tokens.query', { filter })).matched === 0) await turn()
// What was recorded is written at short intervals.
while ((await client.call('workflows.steps', { run: begun.run })).matched === 0) await turn()
await client.call('commands.pause', { scope: { kind: 'all' } })
const waiting = await start(1)
process.send?.({ begun, waiting })
