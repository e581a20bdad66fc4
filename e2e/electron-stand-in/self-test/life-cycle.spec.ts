import { existsSync } from 'node:fs'
import { applicationFolder, expect, loadedPage, processesNaming, startBare, test } from './self-test.ts'

test('the application knows its name, version and folders', async ({ application, dataFolder }) => {
  const facts = await application.evaluate(({ app }) => ({
    name: app.getName(),
    version: app.getVersion(),
    path: app.getAppPath(),
    data: app.getPath('userData'),
    packaged: app.isPackaged,
    electron: process.versions.electron,
    chrome: process.versions.chrome,
  }))
  expect(facts).toMatchObject({
    name: 'stand-in-self-test',
    version: '1.2.3',
    path: applicationFolder,
    data: dataFolder,
    packaged: false,
    electron: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    chrome: expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/),
  })
})

test('closing ends every process and asks the application first', async ({ application, page, dataFolder }) => {
  await expect(page.locator('h1')).toBeVisible()
  expect(processesNaming(dataFolder).length).toBeGreaterThan(1)
  let output = ''
  application.process().stdout?.on('data', (chunk) => {
    output += chunk
  })
  await application.close()
  expect(output.trim().split('\n')).toEqual(['before-quit', 'will-quit', 'quit'])
  expect(processesNaming(dataFolder)).toEqual([])
})

test('a listener can keep the application running', async ({ application, page }) => {
  const left = await application.evaluate(({ app, BrowserWindow }) => {
    app.once('before-quit', (event) => event.preventDefault())
    app.quit()
    const [window] = BrowserWindow.getAllWindows()
    window?.once('close', (event) => event.preventDefault())
    app.quit()
    return BrowserWindow.getAllWindows().length
  })
  expect(left).toBe(1)
  await expect(page.locator('h1')).toBeVisible()
})

test('the application ends with its last window', async ({ application, page }) => {
  const ended = application.waitForEvent('close')
  await page.close()
  await ended
})

test('storage outlives a restart in the same data folder', async ({ launch }) => {
  const open = async () => {
    const application = await launch()
    return { application, page: await loadedPage(application) }
  }
  const first = await open()
  await first.page.evaluate(() => localStorage.setItem('kept', 'yes'))
  await first.application.close()
  const second = await open()
  expect(await second.page.evaluate(() => localStorage.getItem('kept'))).toBe('yes')
})

test('a second instance tells the first and ends', async ({ application, page, dataFolder }) => {
  await expect(page.locator('h1')).toBeVisible()
  const args = [applicationFolder, `--user-data-dir=${dataFolder}`, 'stand-in-test://open/this']
  const second = startBare(args)
  expect(await second.exitCode).toBe(0)
  expect(second.output).toContain('another instance runs')
  await expect.poll(() => application.evaluate(() => selfTestMain.secondInstances.length)).toBe(1)
  const [told] = await application.evaluate(() => selfTestMain.secondInstances)
  expect(told).toMatchObject({ folder: process.cwd(), data: { said: 'hello' } })
  expect(told?.argv.slice(1)).toEqual(args)
})

test('the lock of an instance that was killed binds nobody', async ({ dataFolder }) => {
  const args = [applicationFolder, `--user-data-dir=${dataFolder}`]
  const first = startBare(args)
  await expect.poll(() => existsSync(`${dataFolder}/single-instance.pid`)).toBe(true)
  first.child.kill('SIGKILL')
  await first.exitCode
  const second = startBare(args)
  await expect.poll(() => second.output).toContain('ready')
  second.child.kill('SIGTERM')
  expect(await second.exitCode).toBe(0)
})

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
  test(`${signal} leaves neither a process nor a temporary profile`, async () => {
    const configuration = test.info().outputPath('configuration')
    const bare = startBare([applicationFolder], { XDG_CONFIG_HOME: configuration })
    const profileOf = () => {
      const [line] = processesNaming('--remote-debugging-pipe').filter((each) => each.includes('electron-stand-in-'))
      return / --user-data-dir=(\S*electron-stand-in-\S+)/.exec(line ?? '')?.[1]
    }
    await expect.poll(profileOf).toBeDefined()
    const profile = profileOf() ?? ''
    await expect.poll(() => bare.output).toContain('ready')
    bare.child.kill(signal)
    expect(await bare.exitCode).toBe(signal === 'SIGTERM' ? 0 : null)
    await expect.poll(() => processesNaming(profile)).toEqual([])
    await expect.poll(() => existsSync(profile)).toBe(false)
  })
}

for (const moment of ['start', 'ready']) {
  test(`an error of the main process at its ${moment} is printed and ends everything`, async ({ dataFolder }) => {
    const bare = startBare([applicationFolder, `--user-data-dir=${dataFolder}`], { SELF_TEST_THROW: moment })
    expect(await bare.exitCode).toBe(1)
    expect(bare.output).toContain(`Error: main threw at its ${moment}`)
    await expect.poll(() => processesNaming(dataFolder)).toEqual([])
  })
}

test('without Chromium one line says how to get one', async ({ dataFolder }) => {
  const bare = startBare([applicationFolder, `--user-data-dir=${dataFolder}`], { CHROMIUM: '/no/such/file' })
  expect(await bare.exitCode).toBe(1)
  expect(bare.output).toBe("CHROMIUM is '/no/such/file', which is not an executable file\n")
})

test('a trace can be recorded', async ({ application, page }) => {
  const file = test.info().outputPath('trace.zip')
  await application.context().tracing.start({ screenshots: true, snapshots: true })
  await page.locator('h1').click()
  await application.context().tracing.stop({ path: file })
  expect(existsSync(file)).toBe(true)
})
