import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Surroundings } from './command.ts'
import { sandboxFlags } from './display.ts'
import { electronFolder, findElectron } from './electron-binary.ts'
import { type ExitCode, exitCodes } from './exit-code.ts'
import type { HostingSettings } from './hosting-options.ts'
import { packageRoot } from './package-layout.ts'
import { StopSignals } from './stop-signals.ts'

/** Has the electron package fetch its binary. A failure is told by it, and is no reason not to go on. */
export async function installElectron({ environment, terminal }: Surroundings): Promise<void> {
  const folder = electronFolder()
  if (folder === null) {
    terminal.note('The electron package is not installed: run "npm ci" first.')
    return
  }
  if (findElectron({ environment }) !== null) return
  const code = await runToEnd(process.execPath, [join(folder, 'install.js')])
  if (code !== 0) terminal.note('Electron could not be fetched.')
}

/** Runs the desktop app until it ends. */
export async function runDesktop(
  electron: string,
  { workspace, trust, readOnly, journal }: HostingSettings,
): Promise<ExitCode> {
  const words = [packageRoot(), ...sandboxFlags()]
  if (workspace !== null) words.push(`--workspace=${workspace}`)
  if (trust) words.push('--trust')
  if (readOnly) words.push('--read-only')
  if (journal === null) words.push('--no-journal')
  else if (journal.path !== null) words.push(`--journal=${journal.path}`)
  return (await runToEnd(electron, words)) === 0 ? exitCodes.ok : exitCodes.failed
}

/** Runs a program in the terminal of this one and passes signals on; its exit code, 1 when it cannot be started. */
async function runToEnd(program: string, words: readonly string[]): Promise<number> {
  using signals = new StopSignals(() => undefined)
  const child = spawn(program, [...words], { stdio: 'inherit' })
  void signals.asked.then((signal) => {
    // Ctrl-C has reached it already, as it reaches every process of the terminal.
    if (signal !== 'SIGINT') child.kill(signal)
  })
  return await new Promise((resolve) => {
    child.once('error', () => resolve(1))
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
