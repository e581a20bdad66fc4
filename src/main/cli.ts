import { runCommandLine } from './cli/command-line.ts'
import { commands } from './cli/commands.ts'
import { processTerminal } from './cli/terminal.ts'
import { version } from './cli/version.ts'

process.exitCode = await runCommandLine(process.argv.slice(2), commands, version, {
  terminal: processTerminal(),
  environment: process.env,
})
