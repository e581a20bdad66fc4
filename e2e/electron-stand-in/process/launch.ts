import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { CommandLine, parseLaunchArguments } from './command-line.ts'

interface PackageManifest {
  readonly name?: string
  readonly productName?: string
  readonly version?: string
  readonly main?: string
  readonly type?: string
}

/** What was started: known once, from the arguments that the executable was given. */
export interface Launch {
  readonly executable: string
  /** Files to load before the application, absolute. */
  readonly preloads: readonly string[]
  /** Absolute: the application's folder, and the file to run. */
  readonly applicationFolder: string
  readonly mainFile: string
  readonly isModule: boolean
  readonly name: string
  readonly version: string
  readonly commandLine: CommandLine
}

export function readLaunch(executable: string, args: readonly string[]): Launch {
  const { preloads, application, switches } = parseLaunchArguments(args)
  const commandLine = new CommandLine()
  for (const text of switches) commandLine.appendText(text)
  const target = path.resolve(application ?? '.')
  const isFolder = statSync(target).isDirectory()
  const applicationFolder = isFolder ? target : path.dirname(target)
  const manifest: PackageManifest = isFolder ? readManifest(path.join(target, 'package.json')) : {}
  const mainFile = isFolder ? path.resolve(target, manifest.main ?? 'index.js') : target
  return {
    executable,
    preloads: preloads.map((file) => path.resolve(file)),
    applicationFolder,
    mainFile,
    isModule: mainFile.endsWith('.mjs') || (mainFile.endsWith('.js') && manifest.type === 'module'),
    name: manifest.productName ?? manifest.name ?? 'Electron',
    version: manifest.version ?? '0.0.0',
    commandLine,
  }
}

function readManifest(file: string): PackageManifest {
  return JSON.parse(readFileSync(file, 'utf8')) as PackageManifest
}
