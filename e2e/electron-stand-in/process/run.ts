import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { ChromiumMissing } from '../chromium/executable.ts'
import { redirectElectronImports } from './electron-imports.ts'
import { dressAsElectron } from './electron-process.ts'
import { launch } from './this-launch.ts'

const require = createRequire(import.meta.url)

dressAsElectron(launch.executable, process.argv.slice(3))
redirectElectronImports()
const { start } = await import('../main/start.ts')
// As Electron does: what `-r` names comes first, then the application, then Chromium, then `ready`.
for (const file of launch.preloads) require(file)
if (launch.isModule) await import(pathToFileURL(launch.mainFile).href)
else require(launch.mainFile)
try {
  await start()
} catch (error) {
  if (!(error instanceof ChromiumMissing)) throw error
  console.error(error.message)
  process.exit(1)
}
