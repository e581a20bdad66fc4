import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { redirectElectronImports } from './process/electron-imports.ts'
import { dressAsElectron } from './process/electron-process.ts'
import { launch } from './process/this-launch.ts'

const require = createRequire(import.meta.url)

dressAsElectron(launch.executable, process.argv.slice(3))
redirectElectronImports()
const { start } = await import('./main/start.ts')
// As Electron does: what `-r` names comes first, then the application, then Chromium, then `ready`.
for (const file of launch.preloads) require(file)
if (launch.isModule) await import(pathToFileURL(launch.mainFile).href)
else require(launch.mainFile)
await start()
