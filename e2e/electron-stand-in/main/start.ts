import { browser } from '../chromium/browser.ts'
import { unlessGone } from '../chromium/devtools-connection.ts'
import { chooseProfile } from '../chromium/profile.ts'
import { bundleRuntime } from '../in-page/page-scripts.ts'
import { setVersions } from '../process/electron-process.ts'
import { app } from './app.ts'
import { customSchemes } from './custom-schemes.ts'
import { guardNavigation } from './navigation-guard.ts'
import { displaySwitch } from './screen.ts'

// Not for Chromium: the profile is chosen by the stand-in, a dark system is emulated because pages of Chromium could not
// be made light again under its own switch, and the inspector is Node's.
const ownSwitches = /^--(user-data-dir|force-dark-mode|inspect|inspect-brk)(=|$)/

/** Starts Chromium and makes the application ready. Comes after the application's main file has been loaded. */
export async function start(): Promise<void> {
  quitOnSignals()
  // The application may have called app.quit() already, because another instance runs.
  if (!app.isStaying) return
  // It may also quit while Chromium starts.
  await unlessGone(startChromium())
  if (app.isStaying) app.becomeReady()
}

async function startChromium(): Promise<void> {
  const switches = app.commandLine.toSwitches().filter((text) => !ownSwitches.test(text))
  const [resolverSwitch, profile] = await Promise.all([customSchemes.listen(), chooseProfile(app.chosenDataFolder)])
  const started = browser.start([...switches, displaySwitch, resolverSwitch], profile)
  bundleRuntime()
  await started
  setVersions({ chrome: browser.version })
  await guardNavigation()
}

function quitOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // An application that listens too decides for itself.
      if (process.listenerCount(signal) === 1) app.quit()
    })
  }
}
