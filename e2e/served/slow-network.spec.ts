import { chromium } from '@playwright/test'
import { findChromium } from '../electron-stand-in/chromium/executable.ts'
import { announcedHost } from '../fixtures/host-observer.ts'
import { CommandProcess } from './served-process.ts'
import { expect, openWindow, test } from './served-test.ts'
import { SlowLink } from './slow-link.ts'

test('over a slow line the window stays usable, and the host waits for nobody', async ({ host, stateDirectory }) => {
  await using link = await SlowLink.open(Number(host.port), { bytesPerSecond: 200_000, latencyMs: 50 })
  const browser = await chromium.launch({
    executablePath: findChromium(),
    // The page must believe that it speaks to the host itself, or the host would refuse it.
    args: ['--no-sandbox', `--host-resolver-rules=MAP 127.0.0.1:${host.port} 127.0.0.1:${link.port}`],
  })
  try {
    const window = await openWindow(await browser.newPage(), host.address.openUrl)
    const { url } = await announcedHost(stateDirectory)
    expect(url).toBe(host.address.url)
    const timeOfStats = async () => {
      const startedAt = performance.now()
      expect((await new CommandProcess(stateDirectory, ['stats', '--json']).ended).code).toBe(0)
      return performance.now() - startedAt
    }
    const before = await timeOfStats()
    const burst = new CommandProcess(stateDirectory, ['submit', 'at-once', '1', '--count', '20000'])
    expect((await burst.ended).code).toBe(0)
    // Somebody with a fast line is not held up by the one with the slow line. Most of the time is the start of a program.
    expect(await timeOfStats()).toBeLessThan(3 * before + 5000)
    await expect(window.main.getByText('20,000').first()).toBeVisible({ timeout: 20_000 })
    await window.page.getByRole('button', { name: 'Pause' }).first().click()
    await expect(window.page.getByRole('button', { name: 'Resume' }).first()).toBeVisible()
  } finally {
    await browser.close()
  }
})
