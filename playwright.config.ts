import { defineConfig } from '@playwright/test'
import { findChromium } from './e2e/electron-stand-in/chromium/executable.ts'
import { chooseElectron } from './e2e/fixtures/electron-executable.ts'

chooseElectron(process.env)

export default defineConfig({
  outputDir: 'test-results',
  // A test that passes the second time is a test that fails.
  retries: 0,
  // Each test starts an application that binds threads to the machine's cores: two at once would measure each other.
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  reporter: [['list']],
  use: { trace: 'retain-on-failure' },
  projects: [
    { name: 'desktop', testDir: 'e2e/desktop' },
    {
      name: 'served',
      testDir: 'e2e/served',
      use: { launchOptions: { executablePath: findChromium(), args: ['--no-sandbox'] } },
    },
  ],
})
