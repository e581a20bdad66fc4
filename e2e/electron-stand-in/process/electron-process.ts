import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

/** Version of the electron package whose types the project compiles against, and which this stand-in therefore plays. */
export function electronVersion(): string {
  const manifest = createRequire(import.meta.url).resolve('electron/package.json')
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
}

/** Gives `process` the properties by which programs tell Electron's main process from Node. */
export function dressAsElectron(executable: string, args: readonly string[]): void {
  process.argv = [executable, ...args]
  setVersions({ electron: electronVersion() })
  Object.defineProperty(process, 'type', { value: 'browser', enumerable: true })
  Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true })
  Object.defineProperty(process, 'resourcesPath', { value: path.dirname(executable), enumerable: true })
}

/** Adds to `process.versions`, which cannot be assigned to. */
export function setVersions(versions: Readonly<Record<string, string>>): void {
  const value = { ...process.versions, ...versions }
  Object.defineProperty(process, 'versions', { value, enumerable: true, configurable: true })
}
