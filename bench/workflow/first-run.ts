import { findWorkflow } from '../../src/main/engine/workflow/run/walk.ts'
import { load } from '../../src/main/engine/workflow/snapshot/load.ts'
import { fileStores } from '../../src/main/engine/workflow/stores/file-stores.ts'
import { timedRun } from './runs.ts'

/**
 * A process of its own: runs the workflow on a small data root until the code is warm, then once on the data root that is
 * meant, whose files this process has never seen, and prints the milliseconds. `<workspace> <small root> <root> <indexes>
 * <actor>`.
 */
const [workspace = '', smallRoot = '', root = '', indexFolder = '', actor = ''] = process.argv.slice(2)
const workflow = findWorkflow(load(workspace).domain('bench'), 'bench::WF_REGISTER_V0')
const run = (dataRoot: string, name: string): Promise<number> => {
  const stores = fileStores(dataRoot, { indexFolder })
  return timedRun({ workflow, payload: { actor: name }, stores, traceFolder: `${workspace}/traces`, evidence: false })
}
for (let round = 0; round < 40; round += 1) await run(smallRoot, `${actor} ${round}`)
console.log(await run(root, actor))
