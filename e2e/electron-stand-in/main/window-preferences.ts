import path from 'node:path'

/** What a window may ask of its page. */
export type WebPreferences = Readonly<Record<string, unknown>>

/** Electron's defaults for everything that is about security. */
const defaults = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  enableBlinkFeatures: '',
}

/**
 * The preferences with Electron's defaults filled in. Throws for those that weaken a window: the stand-in could not
 * follow them, and a test that passes without them would prove nothing.
 */
export function checkPreferences(asked: WebPreferences): WebPreferences {
  for (const [name, secure] of Object.entries(defaults)) {
    const value = asked[name] ?? secure
    if (value !== secure)
      throw new Error(`the Electron stand-in refuses webPreferences.${name}: ${value}, which is insecure`)
  }
  if (asked.partition !== undefined)
    throw new Error('the Electron stand-in has only the default session: no webPreferences.partition')
  const { preload } = asked
  if (typeof preload === 'string' && !path.isAbsolute(preload))
    throw new Error('preload script must have absolute path')
  if (typeof preload === 'string' && preload.endsWith('.mjs')) {
    throw new Error(`a sandboxed window cannot load the ES module ${preload} as its preload; bundle it to CommonJS`)
  }
  return { ...defaults, ...asked }
}
