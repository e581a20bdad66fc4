import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { RecordedTerminal } from '../src/main/cli/command.fixture.ts'
import { ServedHost } from '../src/main/cli/served-host.ts'
import { assertDefined } from '../src/shared/assert.ts'
import { apiDocument } from './api-reference.ts'

/** The examples of the documents, as they stand there, against a host with the sample workspace. */

const busExample = fileURLToPath(new URL('../docs/bus-lane.py', import.meta.url))
const python = spawnSync('python3', ['--version']).status === 0
const withoutPython = python ? '' : ' (skipped: there is no python3)'
const run = promisify(execFile)

let folder: string
let host: ServedHost

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'guardhouse-examples-'))
  const terminal = new RecordedTerminal()
  host = await ServedHost.start(
    { port: 0, address: undefined, workspace: null, trust: false, journal: null, readOnly: false },
    { environment: { GUARDHOUSE_STATE_DIR: folder }, terminal },
  )
  await host.openWorkspace(terminal)
})

afterAll(async () => {
  await host[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

/** Runs a program beside the host; gives what it printed. */
async function output(program: string, ...words: string[]): Promise<string> {
  const { stdout } = await run(program, words, { env: { ...process.env, GUARDHOUSE_STATE_DIR: folder } })
  return stdout
}

function exampleIn(language: string, file: string): string {
  const document = readFileSync(apiDocument, 'utf8')
  const path = join(folder, file)
  writeFileSync(
    path,
    assertDefined(document.split(`\`\`\`${language}\n`)[1], 'the document has one').split('```')[0] ?? '',
  )
  return path
}

it('the example of the contract in Node prints the outcome of its token', async () => {
  expect(await output(process.execPath, exampleIn('js', 'example.mjs'))).toMatch(/^cpu\.trivial_\S+ .*144/s)
})

it.runIf(python)(`the example of the contract in Python prints the outcome of its token${withoutPython}`, async () => {
  expect(await output('python3', exampleIn('python', 'example.py'))).toMatch(/^cpu\.trivial_\S+ .*144/)
})

it.runIf(python)(
  `the example of the bus in Python reads a note of every tuple, and what proves it${withoutPython}`,
  async () => {
    const lines = (await output('python3', busExample, 'examples', 'orders.price', '3')).trim().split('\n')
    expect(lines).toHaveLength(7)
    for (const line of lines.slice(1, 4)) expect(line).toMatch(/^ok orders\.price_\S+ /)
    for (const line of lines.slice(4)) expect(line).toMatch(/^receipt [0-9a-f]{64} proves orders\.price_\S+$/)
  },
)
