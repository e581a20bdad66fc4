#!/usr/bin/env node
// Brings a Node that is new enough, and a build, to the command line. An old Node must be able to read this file, or all it
// would say is where it met a syntax error: nothing newer than ES2018 here, save import() and import.meta.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import module, { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { setFlagsFromString } from 'node:v8'

const neededMajor = 24
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const commandLine = join(root, 'out', 'main', 'cli.js')
const builtFiles = [commandLine, join(root, 'out', 'renderer', 'index.html')]

if (Number(process.versions.node.split('.')[0]) >= neededMajor) start()
else startWithNode(findNode())

function start() {
  // Node reads TypeScript through WebAssembly. When several threads do so at once, V8 13.6 may abort the whole process while it
  // replaces the generic wrappers of imported functions by faster ones (a check in ThreadIsolation fails): let it keep the generic ones.
  setFlagsFromString('--wasm-wrapper-tiering-budget=1000000000')
  if (!builtFiles.every(existsSync)) build()
  keepCompiledCode()
  import(pathToFileURL(commandLine).href).catch((error) => {
    console.error(error)
    process.exitCode = 1
  })
}

/**
 * Most of what a short command costs is compiling each function when it is first called: what one process has compiled, the
 * next one finds. NODE_DISABLE_COMPILE_CACHE=1 turns that off.
 */
function keepCompiledCode() {
  const cache = process.env.XDG_CACHE_HOME || process.env.LOCALAPPDATA || join(homedir(), '.cache')
  if (module.enableCompileCache)
    module.enableCompileCache(process.env.NODE_COMPILE_CACHE || join(cache, 'guardhouse', 'code'))
}

/** A clean clone has sources only. */
function build() {
  const builder = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  if (!existsSync(builder)) {
    fail('guardhouse is not built, and cannot be without its development packages: run "npm ci".')
  }
  console.error('guardhouse: building once, this takes a few seconds')
  const standardError = 2
  const built = spawnSync(process.execPath, [builder, 'build', '--logLevel', 'error'], {
    cwd: root,
    stdio: ['ignore', standardError, standardError],
  })
  if (built.status !== 0) fail('guardhouse could not be built: see above, or run "npm run build".')
}

/** The Node that comes along as a package for this platform; null where there is none. */
function findNode() {
  const system = process.platform === 'win32' ? 'win' : process.platform
  const executable = process.platform === 'win32' ? 'node.exe' : 'node'
  try {
    const found = createRequire(import.meta.url).resolve(`node-${system}-${process.arch}/package.json`)
    return join(dirname(found), 'bin', executable)
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return null
    throw error
  }
}

function startWithNode(node) {
  if (node === null || !existsSync(node)) {
    fail(
      `guardhouse needs Node ${neededMajor} or newer, and this is ${process.versions.node}: get one from https://nodejs.org`,
    )
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  signals.forEach((signal) => {
    process.on(signal, () => {
      // The terminal sends Ctrl-C to both; a second copy would mean "stop at once".
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  })
  child.on('error', (error) => {
    fail(`guardhouse could not start ${node}: ${error.message}`)
  })
  child.on('exit', (code) => {
    process.exit(code === null ? 1 : code)
  })
}

function fail(sentence) {
  console.error(sentence)
  process.exit(1)
}
