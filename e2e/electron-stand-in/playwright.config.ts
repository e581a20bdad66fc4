import { defineConfig } from '@playwright/test'

// Must be set before Playwright looks for Electron, in every worker; the absolute path works whatever `cwd` a spec uses.
process.env.ELECTRON_OVERRIDE_DIST_PATH = import.meta.dirname

export default defineConfig({
  testDir: 'self-test',
  outputDir: '../../test-results/electron-stand-in',
  timeout: 30_000,
  expect: { timeout: 10_000 },
  forbidOnly: process.env.CI !== undefined,
  reporter: 'list',
})
