import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { HostBench } from './host.fixture.ts'
import { OptionStore } from './option-store.ts'

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'guardhouse-options-'))
  folders.push(path)
  return path
}

it('changes an option, says what it was, and enters it in the audit log', async () => {
  await using bench = new HostBench()
  const client = bench.client()
  const answer = await client.call('options.set', { changes: { killGraceMs: 250 }, reason: 'they stop fast' })
  expect(answer.changed).toEqual([{ name: 'killGraceMs', from: 1000, to: 250, applied: true }])
  expect(bench.scheduler.liveOptions.current.killGraceMs).toBe(250)
  const { entries } = await client.call('audit.query', {})
  expect(entries[0]).toMatchObject({
    action: 'set options',
    target: 'killGraceMs',
    reason: 'they stop fast',
    outcome: 'killGraceMs 1000 → 250',
  })
})

it('refuses a value beyond its range by the name of the option, and enters the refusal', async () => {
  await using bench = new HostBench()
  const client = bench.client()
  await expect(client.call('options.set', { changes: { killGraceMs: 1e9 } })).rejects.toThrow(
    'killGraceMs is 1000000000, allowed is a whole number from 0 to 600000',
  )
  const { entries } = await client.call('audit.query', {})
  expect(entries[0]?.outcome).toContain('refused')
})

it('tells every window, so that all show the same', async () => {
  await using bench = new HostBench()
  const client = bench.client()
  const heard = new Promise(
    (resolve) => void client.subscribe('events', {}, (event) => event.kind === 'options-changed' && resolve(event)),
  )
  await client.call('options.set', { changes: { stealing: false } })
  await heard
})

it('keeps what was chosen for the next start', async () => {
  const path = await folder()
  const store = await OptionStore.open(path)
  await using bench = new HostBench({ options: store })
  await bench.client().call('options.set', { changes: { mailboxMax: 7, stealing: false } })
  expect((await OptionStore.open(path)).kept).toEqual({ mailboxMax: 7, stealing: false })
})

it('starts without a kept option that is not allowed any more, and says so', async () => {
  const path = await folder()
  const options = { mailboxMax: -1, stealing: false, gone: 1 }
  await writeFile(join(path, 'options.json'), JSON.stringify({ options }))
  const store = await OptionStore.open(path)
  expect(store.kept).toEqual({ stealing: false })
  expect(store.notices).toHaveLength(2)
  expect(store.notices[0]).toContain('mailboxMax is -1')
})

it('sets a damaged file aside instead of overwriting it', async () => {
  const path = await folder()
  await writeFile(join(path, 'options.json'), '{"options":')
  const store = await OptionStore.open(path)
  expect(store.kept).toEqual({})
  const aside = /kept as (\S+);/.exec(store.notices[0] ?? '')?.[1] ?? ''
  expect(await readFile(aside, 'utf8')).toBe('{"options":')
})
