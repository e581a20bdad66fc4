import { mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CommandBench, RecordedTerminal } from './command.fixture.ts'
import { commands } from './commands.ts'
import { exitCodes } from './exit-code.ts'

let bench: CommandBench

beforeEach(() => {
  bench = new CommandBench(commands)
})

afterEach(async () => {
  await bench[Symbol.asyncDispose]()
})

async function submit(...operations: string[]): Promise<void> {
  bench.declare(...operations)
  for (const operation of operations) await bench.run('submit', operation)
  bench.terminal = new RecordedTerminal()
}

test('without a host every command says how to start one', async () => {
  expect(await bench.run('tokens')).toEqual({
    code: 1,
    output: '',
    errors: 'guardhouse: no Guardhouse runs here\n  Start one: guardhouse serve\n',
  })
})

test('a wrong secret is told as such', async () => {
  const { url } = await bench.serve()
  const { code, errors } = await bench.run('stats', '--url', url, '--secret', 'guess')
  expect(code).toBe(1)
  expect(errors).toContain(`the host at ${url} refused the secret`)
})

test('an address where nothing listens is told as such', async () => {
  const { code, errors } = await bench.run('stats', '--url', 'http://127.0.0.1:1', '--secret', 'any')
  expect(code).toBe(1)
  expect(errors).toContain('no Guardhouse at http://127.0.0.1:1: nothing listens there')
})

test('submit prints the id, and what the operation gets is what was written', async () => {
  await bench.serve()
  bench.declare('math.add')
  expect(await bench.run('submit', 'math.add', '-5', '{"$type":"bigint","value":"12"}', '"a b"')).toEqual({
    code: 0,
    output: 'math.add/1\n',
    errors: '',
  })
  expect(bench.bench.scheduler.token('math.add/1').args).toEqual([-5, 12n, 'a b'])
})

test('submit --arguments reads what a command line has no room for from a file', async () => {
  await bench.serve()
  bench.declare('text.length')
  using folder = mkdtempDisposableSync(join(tmpdir(), 'arguments-'))
  const write = (name: string, text: string) => {
    writeFileSync(join(folder.path, name), text)
    return join(folder.path, name)
  }
  const long = 'x'.repeat(1_000_000)
  const written = ['submit', 'text.length', '--arguments', write('long.json', JSON.stringify([long, 2]))]
  expect(await bench.run(...written)).toMatchObject({ code: 0 })
  expect(bench.bench.scheduler.token('text.length/1').args).toEqual([long, 2])
  for (const [words, reason] of [
    [['--arguments', join(folder.path, 'none.json')], /none\.json: ENOENT.*\n {2}It holds a JSON list/],
    [['--arguments', write('cut.json', '[1, ')], /cut\.json: .*JSON/],
    [['--arguments', write('object.json', '{}')], /object\.json holds no JSON list/],
    [['--arguments', write('two.json', '[2]'), '1'], /none can be written beside it/],
  ] as const) {
    const { code, errors } = await bench.run('submit', 'text.length', ...words)
    expect([code, errors]).toEqual([exitCodes.badUsage, expect.stringMatching(reason)])
  }
})

test('submit of an operation that does not exist fails with the reason of the host', async () => {
  await bench.serve()
  const { code, errors } = await bench.run('submit', 'nothing.here')
  expect([code, errors]).toEqual([1, 'guardhouse: there is no operation "nothing.here"\n'])
})

test('submit --wait prints the value, and fails with a token that fails', async () => {
  await bench.serve()
  bench.declare('slow')
  const { scheduler } = bench.bench
  const first = bench.run('submit', 'slow', '--wait')
  await untilSubmitted(1)
  scheduler.end('slow/1', { value: new Map([['a', 12n]]) })
  expect(await first).toEqual({ code: 0, output: "Map(1) { 'a' => 12n }\n", errors: '' })

  bench.terminal = new RecordedTerminal()
  const second = bench.run('submit', 'slow', '--wait')
  await untilSubmitted(2)
  scheduler.end('slow/2', {
    state: 'FAILED',
    error: { kind: 'operation-failed', name: 'RangeError', message: 'too far' },
  })
  expect(await second).toEqual({ code: 1, output: '', errors: 'slow/2 ended as FAILED\nRangeError: too far\n' })
})

test('submit --count submits a burst', async () => {
  await bench.serve()
  bench.declare('tick')
  const { output } = await bench.run('submit', 'tick', '--count', '2500', '--json')
  expect(JSON.parse(output)).toEqual({ count: 2500, first: 'tick/1', last: 'tick/2500' })
})

test('tokens lists what the host has and says how much of it', async () => {
  await bench.serve()
  await submit('a', 'b')
  bench.bench.scheduler.end('a/1')
  const all = await bench.run('tokens')
  expect(all.code).toBe(0)
  expect(all.output).toMatch(/^TOKEN {2}OPERATION {2}STATE .*\na\/1 .*COMPLETED.*\nb\/2 .*WAITING/)
  expect(all.errors).toBe('shown 2 of 2 that match, 2 kept\n')
  bench.terminal = new RecordedTerminal()
  const waiting = await bench.run('tokens', '--state', 'waiting', '--json')
  expect(JSON.parse(waiting.output)).toMatchObject({ matched: 1, kept: 2, rows: [{ id: 'b/2', state: 'WAITING' }] })
})

test('token shows one, and fails for one that is not there', async () => {
  await bench.serve()
  await submit('a')
  expect((await bench.run('token', 'a/1')).output).toMatch(
    /^token +a\/1\noperation +a\nstate +WAITING\narguments +\[\]/,
  )
  expect(await bench.run('token', 'x/9')).toMatchObject({ code: 1, errors: 'guardhouse: there is no token x/9\n' })
})

test('stats and ops and audit have a table and a JSON form', async () => {
  await bench.serve()
  await submit('a')
  await bench.run('pause', '--all')
  for (const [name, title] of [
    ['stats', 'SINCE START'],
    ['ops', 'OPERATION'],
    ['audit', 'WHO'],
  ] as const) {
    bench.terminal = new RecordedTerminal()
    expect((await bench.run(name)).output).toContain(title)
    bench.terminal = new RecordedTerminal()
    const { output, errors } = await bench.run(name, '--json')
    expect(errors).toBe('')
    expect(JSON.parse(output)).toMatchObject(jsonKeys[name])
  }
})

const jsonKeys = {
  stats: { token_pool: { paused: false }, workers: [], cores: [] },
  ops: { operations: [{ operation: 'a' }], workspace: { state: 'none' } },
  audit: { entries: [{ action: 'pause', actor: 'command line' }, { action: 'submit' }], matched: 2 },
}

test('kill without somebody to ask needs --yes, and touches nothing', async () => {
  await bench.serve()
  await submit('a')
  expect(await bench.run('kill', '--all')).toEqual({
    code: 2,
    output: '',
    errors: 'guardhouse: "kill" ends work: add --yes, since nobody can be asked here\n',
  })
  expect(bench.bench.scheduler.token('a/1').state).toBe('WAITING')
})

test('kill shows what it would touch, asks, and takes no for an answer', async () => {
  await bench.serve()
  await submit('a', 'b')
  bench.terminal.interactive = true
  const declined = await bench.run('kill', 'a/1')
  expect(declined.code).toBe(1)
  expect(declined.errors).toContain('kill would touch 1 tokens: 1 waiting, 0 admitted, 0 executing')
  expect(declined.errors).toContain('Nothing was touched.')
  expect(bench.terminal.asked).toEqual(['Kill them?'])
  bench.terminal.answer = true
  const agreed = await bench.run('kill', 'a/1', '--reason', 'too slow')
  expect([agreed.code, agreed.output]).toEqual([0, 'killed 1 token (audit entry 3)\n'])
  expect(bench.bench.scheduler.tokens.map(({ state }) => state)).toEqual(['KILLED', 'WAITING'])
})

test('kill --yes --json tells the preview and the outcome', async () => {
  await bench.serve()
  await submit('a')
  const { code, output } = await bench.run('kill', '--operation', 'a', '--yes', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(output)).toMatchObject({
    command: 'kill',
    scope: { kind: 'operation', operation: 'a' },
    preview: { waiting: 1 },
    outcome: { affected: 1, alreadyEnded: 0, untouched: 0 },
  })
})

test('with nothing to touch nobody is asked', async () => {
  await bench.serve()
  bench.terminal.interactive = true
  expect(await bench.run('drain', '--all')).toMatchObject({ code: 0, errors: 'There is nothing to drain.\n' })
  expect(bench.terminal.asked).toEqual([])
})

test('pause and resume ask nobody', async () => {
  await bench.serve()
  await submit('a')
  expect((await bench.run('pause', '--all', '--reason', 'lunch')).output).toContain(
    'paused 0 tokens, 1 left as they were',
  )
  bench.terminal = new RecordedTerminal()
  expect(JSON.parse((await bench.run('resume', '--all', '--json')).output)).toMatchObject({
    command: 'resume',
    preview: null,
  })
})

test('a read-only host refuses what changes something, and answers the rest', async () => {
  await bench.serve({ readOnly: true })
  bench.declare('a')
  expect(await bench.run('submit', 'a')).toMatchObject({ code: 1, errors: expect.stringContaining('may only read') })
  expect((await bench.run('tokens')).code).toBe(0)
})

test('hosts tells who runs, and the secret only when asked for', async () => {
  const { url, secret, openUrl } = await bench.serve({ workspace: '/srv/ops' })
  const hosts = join(bench.stateDirectory, 'hosts')
  const announced = JSON.parse(readFileSync(join(hosts, `${process.pid}.json`), 'utf8'))
  // The parent of this process lives and is no host.
  writeFileSync(
    join(hosts, `${process.ppid}.json`),
    JSON.stringify({ ...announced, pid: process.ppid, url: 'http://127.0.0.1:1' }),
  )
  const { output } = await bench.run('hosts', '--json')
  expect(output).not.toContain(secret)
  expect(JSON.parse(output).hosts).toHaveLength(2)
  expect(JSON.parse(output).hosts).toContainEqual(
    expect.objectContaining({ url, workspace: '/srv/ops', answers: true }),
  )
  expect(JSON.parse(output).hosts).toContainEqual(expect.objectContaining({ pid: process.ppid, answers: false }))
  bench.terminal = new RecordedTerminal()
  expect((await bench.run('hosts', '--secrets')).output).toContain(openUrl)
})

async function untilSubmitted(count: number): Promise<void> {
  await expect.poll(() => bench.bench.scheduler.tokens.length).toBe(count)
}
