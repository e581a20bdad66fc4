import { registerHooks } from 'node:module'

const electronSpecifiers: ReadonlySet<string> = new Set(['electron', 'electron/main', 'electron/common'])

/** Answers `import 'electron'` and `require('electron')` with the stand-in's module. The npm package has no binary. */
export function redirectElectronImports(): void {
  const url = new URL('../main/electron.ts', import.meta.url).href
  registerHooks({
    resolve(specifier, context, next) {
      return electronSpecifiers.has(specifier) ? { url, shortCircuit: true } : next(specifier, context)
    },
  })
}
