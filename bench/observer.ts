import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { formatTable } from '../src/main/cli/table.ts'
import { openConnection } from '../src/main/sdk/connection.ts'
import { assertDefined } from '../src/shared/assert.ts'
import { decodeTelemetry, type TelemetryFrame } from '../src/shared/frames/telemetry.ts'
import { type CpuProfile, selfTimes } from './profile/self-times.ts'
import { OtherLoad } from './reporting/other-load.ts'
import { otherLoadText } from './reporting/other-load-text.ts'
import { readThreadTimes, type ThreadShare, threadShares } from './reporting/thread-times.ts'

/**
 * What Guardhouse costs beside the work it is given: a built host under 10,000 tokens a second, looked at as a hidden window
 * looks at it, one frame a second, with the kernel's account of every thread by its name. After `npm run build`:
 * `node bench/observer.ts [--seconds 20] [--warm-up 45] [--batch 5000] [--no-journal] [--profile]`.
 */

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    'warm-up': { type: 'string', default: '45' },
    /** Tokens of one submission. */
    batch: { type: 'string', default: '5000' },
    'no-journal': { type: 'boolean', default: false },
    /** Profile every thread over the whole run, and show where the journal's threads spent their time. Costs some itself. */
    profile: { type: 'boolean', default: false },
  },
})
const tokensPerSecond = 10_000
const tokensPerBatch = Number(options.batch)
const batchEveryMs = (tokensPerBatch / tokensPerSecond) * 1000
const functionsShown = 25

const stateDirectory = mkdtempSync(join(tmpdir(), 'guardhouse-observer-'))
const root = fileURLToPath(new URL('..', import.meta.url))
const profiles = join(stateDirectory, 'profiles')
const engineWords = options.profile ? ['--cpu-prof', '--cpu-prof-dir', profiles] : []
const words = ['serve', '--json', '--port', '0', ...(options['no-journal'] ? ['--no-journal'] : [])]
const host = spawn(
  process.execPath,
  [...engineWords, join(root, 'out/main/cli.js'), ...words, join(root, 'resources/sample-workspace')],
  {
    env: { ...process.env, GUARDHOUSE_STATE_DIR: stateDirectory },
    stdio: ['ignore', 'pipe', 'inherit'],
  },
)
try {
  await measure(await announced())
} finally {
  host.kill('SIGTERM')
  host.kill('SIGTERM')
  await once(host, 'exit')
  if (options.profile) printProfiles()
  rmSync(stateDirectory, { recursive: true, force: true })
}

/** Where the host listens, which it prints as JSON. */
async function announced(): Promise<{ readonly url: string; readonly secret: string }> {
  let text = ''
  for await (const line of createInterface({ input: host.stdout })) {
    text += line
    if (line.endsWith('}')) break
  }
  return JSON.parse(text) as { url: string; secret: string }
}

async function measure(address: { readonly url: string; readonly secret: string }): Promise<void> {
  await using connection = await openConnection({ ...address, client: 'bench' })
  const { client } = connection
  while ((await client.call('workspace.get', {})).state !== 'ready') await pause(100)
  const frames: TelemetryFrame[] = []
  const watching = await client.subscribe('telemetry', { intervalMs: 1000 }, (bytes) =>
    frames.push(decodeTelemetry(bytes)),
  )
  const sent: Promise<unknown>[] = []
  const load = setInterval(() => {
    sent.push(client.call('tokens.submitMany', { operation: 'cpu.trivial', arguments: [1], count: tokensPerBatch }))
  }, batchEveryMs)
  await pause(Number(options['warm-up']) * 1000)
  frames.length = 0
  const pid = assertDefined(host.pid, 'the host runs')
  const others = new OtherLoad()
  const before = readThreadTimes(pid)
  const from = performance.now()
  await pause(Number(options.seconds) * 1000)
  const shares = threadShares(before, readThreadTimes(pid), performance.now() - from)
  // To this process the host is one of the others.
  const otherLoad = Math.max(0, others.coresUsed() - shares.reduce((sum, { share }) => sum + share, 0))
  clearInterval(load)
  watching.close()
  await Promise.all(sent)
  report(frames)
  console.log(threadText(shares))
  const observing = shares.filter(({ name }) => name !== 'control' && name !== 'worker')
  const sum = observing.reduce((total, { share }) => total + share, 0)
  console.log(`All but workers and control thread, by the kernel's account: ${(sum * 100).toFixed(2)} % of one core.`)
  console.log(otherLoadText([otherLoad]))
}

function threadText(shares: readonly ThreadShare[]): string {
  const columns = [
    { title: 'thread' },
    { title: 'threads', align: 'right' },
    { title: '% of one core', align: 'right' },
    { title: 'times on a CPU a second', align: 'right' },
  ] as const
  const rows = shares.map(({ name, threads, share, slicesPerSecond }) => [
    name,
    String(threads),
    (share * 100).toFixed(2),
    slicesPerSecond.toFixed(0),
  ])
  return formatTable(columns, rows)
}

function report(frames: readonly TelemetryFrame[]): void {
  const mean = (name: 'throughput' | 'controlShare' | 'keepingShare' | 'restShare') =>
    frames.reduce((sum, frame) => sum + frame[name], 0) / frames.length
  const percent = (share: number) => `${(share * 100).toFixed(2)} % of one core`
  console.log(`tokens a second  ${mean('throughput').toFixed(0)}`)
  console.log(`control thread   ${percent(mean('controlShare'))}`)
  console.log(`journal          ${percent(mean('keepingShare'))}`)
  console.log(`other threads    ${percent(mean('restShare'))}`)
  const both = mean('keepingShare') + mean('restShare')
  console.log(`the last two     ${percent(both)} (target: at most 2 %; workers and control thread are not in it)`)
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

function printProfiles(): void {
  for (const name of readdirSync(profiles)) {
    const functions = selfTimes(JSON.parse(readFileSync(join(profiles, name), 'utf8')) as CpuProfile)
    if (!functions.some(({ place }) => place.includes('journal-'))) continue
    console.log(`\n${name}`)
    const busy = functions.filter(({ functionName }) => functionName !== '(idle)' && functionName !== '(program)')
    for (const { functionName, place, share } of busy.slice(0, functionsShown)) {
      console.log(`${(share * 100).toFixed(2).padStart(6)} %  ${functionName}  ${place}`)
    }
  }
}
