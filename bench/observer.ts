import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { openConnection } from '../src/main/sdk/connection.ts'
import { decodeTelemetry, type TelemetryFrame } from '../src/shared/frames/telemetry.ts'

/**
 * What Guardhouse costs beside the work it is given: a built host under 10,000 tokens a second, looked at as a hidden window
 * looks at it, one frame a second. `node bench/observer.ts [--seconds 20] [--warm-up 45] [--no-journal]`, after `npm run build`.
 */

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    'warm-up': { type: 'string', default: '45' },
    'no-journal': { type: 'boolean', default: false },
  },
})
const tokensPerBatch = 5000
const batchEveryMs = 500

const stateDirectory = mkdtempSync(join(tmpdir(), 'guardhouse-observer-'))
const root = fileURLToPath(new URL('..', import.meta.url))
const words = ['serve', '--json', '--port', '0', ...(options['no-journal'] ? ['--no-journal'] : [])]
const host = spawn(
  process.execPath,
  [join(root, 'out/main/cli.js'), ...words, join(root, 'resources/sample-workspace')],
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
  await pause(Number(options.seconds) * 1000)
  clearInterval(load)
  watching.close()
  await Promise.all(sent)
  report(frames)
}

function report(frames: readonly TelemetryFrame[]): void {
  const mean = (name: 'throughput' | 'controlShare' | 'keepingShare' | 'restShare') =>
    frames.reduce((sum, frame) => sum + frame[name], 0) / frames.length
  const percent = (share: number) => `${(share * 100).toFixed(2)} % of one core`
  console.log(`tokens a second  ${mean('throughput').toFixed(0)}`)
  console.log(`control thread   ${percent(mean('controlShare'))}`)
  console.log(`journal          ${percent(mean('keepingShare'))}`)
  console.log(`other threads    ${percent(mean('restShare'))} (target: at most 2 %; workers are not in it)`)
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
