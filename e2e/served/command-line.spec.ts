import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { CommandProcess, ServedProcess } from './served-process.ts'
import { expect, test } from './served-test.ts'

function run(stateDirectory: string, ...words: string[]) {
  return new CommandProcess(stateDirectory, words).ended
}

test('the demo runs the whole sample and every oracle holds', async ({ stateDirectory }) => {
  const { code, output, errors } = await run(stateDirectory, 'demo', '--json')
  expect(errors).toMatch(/^Running the sample on \d+ cores? of /)
  const report = JSON.parse(output)
  expect(report).toMatchObject({ ok: true, failures: [], killed: 0, timedOut: 0, unsettled: 0 })
  expect(report.failed).toBe(report.expectedFailures)
  expect(report.oracles.length).toBeGreaterThan(10)
  expect(report.cores.length).toBeGreaterThan(0)
  expect(code).toBe(0)
})

test('what is submitted in one process is seen and killed in another', async ({
  host,
  stateDirectory,
  problems: _,
}) => {
  expect(host.address.readOnly).toBe(false)
  expect(await run(stateDirectory, 'submit', 'at-once', '41', '--wait')).toMatchObject({ code: 0, output: '42\n' })
  const { output } = await run(stateDirectory, 'submit', 'until-stopped', '--json')
  const { id } = JSON.parse(output)
  await expect
    .poll(async () => JSON.parse((await run(stateDirectory, 'token', id, '--json')).output).state)
    .toBe('EXECUTING')
  const killed = await run(stateDirectory, 'kill', id, '--yes', '--reason', 'enough', '--json')
  expect(JSON.parse(killed.output)).toMatchObject({ preview: { executing: 1 }, outcome: { affected: 1 } })
  const row = JSON.parse((await run(stateDirectory, 'tokens', '--state', 'killed', '--json')).output)
  expect(row.rows).toMatchObject([{ id, state: 'KILLED' }])
})

test('Ctrl-C lets running tokens finish', async ({ host, stateDirectory, problems: _ }) => {
  const release = path.join(stateDirectory, 'release')
  const waiting = new CommandProcess(stateDirectory, ['submit', 'until-file', JSON.stringify(release), '--wait'])
  await expect
    .poll(
      async () =>
        JSON.parse((await run(stateDirectory, 'stats', '--json')).output).token_pool.tokens_by_state.EXECUTING,
    )
    .toBe(1)
  host.process.kill('SIGINT')
  await expect.poll(() => host.process.errors).toContain('Stopping')
  await writeFile(release, '')
  expect(await waiting.ended).toMatchObject({ code: 0, output: 'undefined\n' })
  expect((await host.process.ended).code).toBe(0)
})

test('a second Ctrl-C waits for nothing, and nothing is left behind', async ({ host, stateDirectory, problems: _ }) => {
  await run(stateDirectory, 'submit', 'until-file', '"/no/such/file"')
  host.process.kill('SIGINT')
  await expect.poll(() => host.process.errors).toContain('Stopping')
  host.process.kill('SIGINT')
  expect((await host.process.ended).code).toBe(130)
  expect(existsSync(path.join(stateDirectory, 'hosts', `${host.address.pid}.json`))).toBe(false)
})

test('a reader that has seen enough is no error', async ({ host, stateDirectory, problems: _ }) => {
  expect(host.port).not.toBe('0')
  await run(stateDirectory, 'submit', 'at-once', '1', '--count', '1000')
  const command = new CommandProcess(stateDirectory, ['tokens', '--limit', '1000'])
  expect(await command.readOneLine()).toContain('OPERATION')
  expect(await command.ended).toMatchObject({ code: 0, errors: expect.not.stringContaining('EPIPE') })
})

test('a port that is taken and a folder that is none are told in one sentence', async ({
  host,
  stateDirectory,
  problems: _,
}) => {
  expect(await run(stateDirectory, 'serve', '--port', host.port)).toMatchObject({
    code: 1,
    output: '',
    errors: `guardhouse: port ${host.port} is taken by another program\n  Choose another one, or 0 for any that is free.\n`,
  })
  expect(await run(stateDirectory, 'serve', '/no/such/folder')).toMatchObject({ code: 1, output: '' })
})

test('without a display, the served app prints its address and serves it', async ({ stateDirectory }) => {
  const environment = { ELECTRON_OVERRIDE_DIST_PATH: '', DISPLAY: '', WAYLAND_DISPLAY: '' }
  const opened = new CommandProcess(stateDirectory, ['open', '--served', '--json'], environment)
  await expect.poll(() => opened.output).toMatch(/\}\n$/)
  const { url } = JSON.parse(opened.output)
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  expect(opened.errors).toContain('open the address above in any browser')
  opened.kill('SIGINT')
  expect((await opened.ended).code).toBe(0)
})

test('where the folder is not trusted, nothing of it is read until somebody agrees', async ({
  stateDirectory,
  workspace,
}) => {
  await using host = await ServedProcess.start(stateDirectory, [workspace])
  await expect.poll(() => host.process.errors).toContain('is not trusted yet')
  const { output } = await run(stateDirectory, 'ops', '--json')
  const { operations, workspace: shown } = JSON.parse(output)
  expect(shown).toMatchObject({ state: 'untrusted' })
  // The host's own; none of the folder's.
  const names = operations.map(({ operation }: { operation: string }) => operation)
  expect(names).toContain('guardhouse.workflow')
  expect(names.filter((name: string) => !name.startsWith('guardhouse.'))).toEqual([])
})
