import { object } from '../../json/value.ts'
import { systemClock, systemEntropy } from '../run/clocks.ts'
import { eventLog } from '../side-effects/event-log.ts'
import { registry } from '../side-effects/registry.ts'
import { fileStores } from './file-stores.ts'

/** A process of its own that appends events and registers keys: `<data root> <events> <keys> <index folder>`. */
const [dataRoot = '', events = '0', keys = '0', indexFolder = ''] = process.argv.slice(2)
const ports = {
  stores: fileStores(dataRoot, { indexFolder }),
  clock: systemClock,
  entropy: systemEntropy,
  executor: null,
  mail: null,
}
const effectOn = (make: typeof registry, path: string) =>
  make({ name: 'S', config: object({ path: `${dataRoot}/${path}` }), metadata: object({ capability: null }) }, ports)
const log = effectOn(eventLog, 'events.jsonl')
const names = effectOn(registry, 'names.jsonl')
let registered = 0
for (let number = 0; number < Math.max(Number(events), Number(keys)); number += 1) {
  if (number < Number(events)) await log('APPEND', { inputs: object({ record: number }), entity: null })
  if (number >= Number(keys)) continue
  const answer = await names('REGISTER', { inputs: object({ key: `key ${number}` }), entity: null })
  if (answer.get('result_status') === 'SUCCESS') registered += 1
}
process.stdout.write(String(registered))
