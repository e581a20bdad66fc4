import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { transformSync } from 'esbuild'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { packageRoot } from './package-layout.ts'

const bin = join(packageRoot(), 'bin', 'guardhouse.mjs')
/** Makes a Node believe that it is an old one. */
const oldNode = `data:text/javascript,${encodeURIComponent(
  "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.0.0' } })",
)}`

let directory: string
let copy: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'guardhouse-bin-'))
  copy = join(directory, 'bin', 'guardhouse.mjs')
  mkdirSync(join(directory, 'bin'))
  copyFileSync(bin, copy)
})

afterEach(() => rmSync(directory, { recursive: true }))

function run(words: readonly string[]): Promise<{ code: unknown; output: string; errors: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...words], (error, output, errors) =>
      resolve({ code: error?.code ?? 0, output, errors }),
    )
  })
}

test('an old Node can read the file that npm starts', () => {
  const source = readFileSync(bin, 'utf8')
  // What it cannot do without, and what Node has known longer than the language's year says.
  const supported = { 'dynamic-import': true, 'import-meta': true }
  const modern = transformSync(source, { target: 'esnext' }).code
  expect(transformSync(source, { target: 'es2018', supported }).code).toBe(modern)
})

test('an old Node with no newer one beside it is told in one sentence', async () => {
  expect(await run(['--import', oldNode, copy, 'demo'])).toEqual({
    code: 1,
    output: '',
    errors: 'guardhouse needs Node 24 or newer, and this is 18.0.0: get one from https://nodejs.org\n',
  })
})

test('an old Node hands everything over to the newer one beside it', async () => {
  const system = process.platform === 'win32' ? 'win' : process.platform
  const beside = join(directory, 'node_modules', `node-${system}-${process.arch}`)
  mkdirSync(join(beside, 'bin'), { recursive: true })
  writeFileSync(join(beside, 'package.json'), '{}')
  const script = '#!/bin/sh\nshift\necho "took over: $*"\nexit 7\n'
  writeFileSync(join(beside, 'bin', process.platform === 'win32' ? 'node.exe' : 'node'), script, { mode: 0o755 })
  expect(await run(['--import', oldNode, copy, 'submit', 'a b', '--wait'])).toEqual({
    code: 7,
    output: 'took over: submit a b --wait\n',
    errors: '',
  })
})

test('without a build and without what builds it, it says what to do', async () => {
  const { code, errors } = await run([copy, 'demo'])
  expect(code).toBe(1)
  expect(errors).toBe('guardhouse is not built, and cannot be without its development packages: run "npm ci".\n')
})
