import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../engine/scheduler/until.fixture.ts'
import { CommandBench, RecordedTerminal } from './command.fixture.ts'
import { commands } from './commands.ts'

let bench: CommandBench

beforeEach(async () => {
  bench = new CommandBench(commands)
  await bench.serve()
})

afterEach(async () => {
  await bench[Symbol.asyncDispose]()
})

async function run(...words: string[]) {
  bench.terminal = new RecordedTerminal()
  return await bench.run('bus', ...words)
}

describe('guardhouse bus', () => {
  it('puts, reads and takes tuples, and fails when none matches in time', async () => {
    const put = await run('out', '{"lane":"work","n":1}')
    expect(put.output).toMatch(/^sha256:[0-9a-f]{64}\n$/)
    for (const call of ['rd', 'in']) {
      const { code, output } = await run(call, '{"lane":"work"}', '--timeout', '0')
      expect([code, JSON.parse(output).n]).toEqual([0, 1])
    }
    const none = await run('in', '{"lane":"work"}', '--timeout', '1')
    expect([none.code, none.output, none.errors]).toEqual([1, '', 'Nothing matched in time.\n'])
  })

  it('lists tuples and lanes, and who waits', async () => {
    await run('out', '{"lane":"work","n":1}')
    await run('out', '{"lane":"other","n":2}')
    const listed = await run('list', '{"n":2}')
    expect(JSON.parse(listed.output)).toMatchObject({ lane: 'other', n: 2 })
    expect(listed.errors).toContain('1 of 1 tuples')
    expect((await run('lanes')).output).toMatch(/work +1 +0 +0/)
    expect(JSON.parse((await run('lanes', '--json')).output)).toMatchObject({ total: 2, store: 'memory' })
    expect((await run('waiters')).errors).toContain('0 of 0 who wait')
  })

  it('lets an operation work a lane, and commands it', async () => {
    bench.declare('image.resize')
    expect((await run('work', 'pictures', 'image.resize')).output).toBe('image.resize works the lane pictures\n')
    expect((await run('pause', 'pictures')).code).toBe(0)
    expect((await run('lanes')).output).toMatch(/pictures .*image\.resize +paused/)
    await run('out', '{"lane":"pictures","n":1}')
    expect((await run('drain', 'pictures')).errors).toContain('add --yes')
    expect((await run('drain', 'pictures', '--yes')).output).toContain('1 tuples discarded, 0 tokens killed')
    expect((await run('resume', 'nobody')).errors).toContain('no operation works the lane "nobody"')
  })

  it.each([
    [['out', '[1]'], 'the tuple is not a JSON object'],
    [['out', '{"lane'], 'the tuple is not JSON'],
    [['out'], 'one tuple, as a JSON object'],
    [['throw'], 'not bus throw'],
    [['work', 'a'], 'bus work <lane> <operation>'],
  ])('says what is wrong with %j', async (words, sentence) => {
    const { code, errors } = await run(...words)
    expect([code, errors.includes(sentence)]).toEqual([2, true])
  })

  it('puts a tuple of almost a mebibyte, and refuses a larger one with its size', async () => {
    const client = bench.bench.client()
    const { id } = await client.call('bus.out', { tuple: { text: 'a'.repeat(1_000_000) } })
    expect((await client.call('bus.inp', { template: { id } })).tuple).toMatchObject({ id })
    await expect(client.call('bus.out', { tuple: { text: 'a'.repeat(1_100_000) } })).rejects.toMatchObject({
      kind: 'too-large',
      message: expect.stringContaining('allowed are 1048576'),
    })
  })
})

const hasPython = spawnSync('python3', ['--version']).status === 0

describe.skipIf(!hasPython)('docs/bus-lane.py', () => {
  it('puts tuples over the WebSocket, lets an operation work them, and prints what came of each', async () => {
    bench.declare('burst.hashChain')
    const { scheduler } = bench.bench
    const script = fileURLToPath(new URL('../../../docs/bus-lane.py', import.meta.url))
    const environment = { ...process.env, ...bench.environment }
    const child = spawn('python3', [script, 'work', 'burst.hashChain', '3'], { env: environment, stdio: 'pipe' })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += String(text)))
    const ended = new Promise((resolve) => child.once('exit', resolve))
    for (let n = 1; n <= 3; n++) {
      await until(`token ${n} is made`, () => scheduler.tokens.length >= n)
      scheduler.end(`burst.hashChain/${n}`, { value: n })
    }
    expect([await ended, output]).toEqual([0, expect.stringContaining('3 tuples are on the lane work')])
    expect(output.match(/^ok burst\.hashChain\/\d \d+ ms$/gm)).toHaveLength(3)
  })

  it('says that no host runs when none does', () => {
    const script = fileURLToPath(new URL('../../../docs/bus-lane.py', import.meta.url))
    const environment = { ...process.env, GUARDHOUSE_STATE_DIR: bench.bench.folder() }
    const { status, stderr } = spawnSync('python3', [script], { env: environment, encoding: 'utf8' })
    expect([status, stderr]).toEqual([1, expect.stringContaining('no Guardhouse runs here')])
  })
})
