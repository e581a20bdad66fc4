import { readFileSync } from 'node:fs'
import type { Locator } from '@playwright/test'
import type { DesktopApp } from '../fixtures/desktop-app.ts'
import { expect, test } from '../fixtures/desktop-test.ts'
import { GuardhouseWindow } from '../fixtures/guardhouse-window.ts'
import { focusedElement, recordFocusBehindDialogs, tabTo, walkByTab } from '../fixtures/keyboard.ts'

/** What somebody does in their first five minutes. */

async function openSample(desktop: DesktopApp): Promise<GuardhouseWindow> {
  const window = new GuardhouseWindow(desktop.page)
  await window.expectConnected()
  await expect(window.workspace('sample-workspace')).toBeVisible()
  return window
}

/** CPUs that the kernel lets a thread run on, such as `0` or `0-3`; proc_pid_status(5). */
function allowedCpus(pid: number, threadId: number): string | undefined {
  const status = readFileSync(`/proc/${pid}/task/${threadId}/status`, 'utf8')
  return /^Cpus_allowed_list:\s*(\S+)/m.exec(status)?.[1]
}

test('running the sample makes tokens flow through bound cores', async ({ desktop }) => {
  const window = await openSample(desktop)
  const observer = await desktop.observe()
  await desktop.page.getByRole('button', { name: 'Run sample' }).first().click()
  await expect(desktop.page.getByText('The sample is running')).toBeVisible()
  const ended = async () => (await observer.call('system.stats', {})).totals.COMPLETED
  await expect.poll(ended).toBeGreaterThan(20)
  await expect(window.main.getByText(/^All is well/)).toBeVisible()
  observer.close()
})

// Only Linux tells the mask of a thread in a file.
const whereTheKernelTells = process.platform === 'linux' ? test : test.skip
whereTheKernelTells('what the window says of a worker’s CPU is what the kernel says', async ({ desktop }) => {
  const window = await openSample(desktop)
  const observer = await desktop.observe()
  await desktop.page.getByRole('button', { name: 'Run sample' }).first().click()
  const bound = async () => {
    const { workers } = await observer.call('system.stats', {})
    return workers.flatMap(({ asked, threadId, state }) =>
      threadId === null || state === 'starting' ? [] : [{ asked, threadId }],
    )
  }
  await expect.poll(async () => (await bound()).length).toBeGreaterThan(0)
  const workers = await bound()
  for (const { asked, threadId } of workers) expect(allowedCpus(desktop.pid, threadId)).toBe(String(asked))
  const confirmed = window.main.getByRole('button', { name: /Bound to CPU \d+: the kernel confirms it/ })
  await expect.poll(() => confirmed.count()).toBeGreaterThanOrEqual(workers.length)
  observer.close()
})

test('a never-ending token is found, explained and killed with a reason that is kept', async ({ desktop }) => {
  const { page } = desktop
  const window = await openSample(desktop)
  const observer = await desktop.observe()
  await expect.poll(async () => (await observer.call('workspace.get', {})).state).toBe('ready')
  const { id } = await observer.call('tokens.submit', { operation: 'demo.neverEnding' })
  await window.goTo('Tokens')
  await tokenRow(window, 'demo.neverEnding', 'Executing').click()
  await expect(page.getByRole('heading', { name: 'Why it runs there' })).toBeVisible()
  await expect(page.getByText((await routeSentence(observer, id)) ?? 'no route')).toBeVisible()

  await page.getByRole('button', { name: 'Kill…' }).first().click()
  const dialog = page.getByRole('alertdialog')
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('it would never end')
  await dialog.getByRole('button', { name: 'Kill 1 token' }).click()
  await expect(tokenRow(window, 'demo.neverEnding', 'Killed')).toBeVisible()
  expect((await observer.call('tokens.outcome', { id })).state).toBe('KILLED')

  await window.goTo('Activity')
  await expect(window.main.getByRole('row').filter({ hasText: 'it would never end' })).toBeVisible()
  observer.close()
})

test('paused, tokens wait; resumed, they go on', async ({ desktop }) => {
  const window = await openSample(desktop)
  const observer = await desktop.observe()
  await expect.poll(async () => (await observer.call('workspace.get', {})).state).toBe('ready')
  await desktop.page.getByRole('button', { name: 'Pause' }).first().click()
  await expect(desktop.page.getByRole('button', { name: 'Resume' }).first()).toBeVisible()
  await observer.call('tokens.submitMany', { operation: 'demo.logging', arguments: [1], count: 50 })
  await window.goTo('Tokens')
  await expect(desktop.page.getByRole('button', { name: 'Waiting 50' })).toBeVisible()
  await desktop.page.getByRole('button', { name: 'Resume' }).first().click()
  await expect(desktop.page.getByRole('button', { name: 'Completed 50' })).toBeVisible()
  observer.close()
})

test('the keyboard alone launches, finds, inspects, drains and kills, and is led through every page', async ({
  desktop,
}) => {
  test.slow()
  const { page } = desktop
  const window = await openSample(desktop)
  const observer = await desktop.observe()
  await expect.poll(async () => (await observer.call('workspace.get', {})).state).toBe('ready')

  await test.step('launch', async () => {
    await window.choose('demo.neverEnding')
    await window.expectPage('Operations')
    await expect(page.getByRole('heading', { name: 'demo.neverEnding' })).toBeVisible()
    await tabTo(page, 'Launch')
    await page.keyboard.press('Enter')
    await expect.poll(async () => (await observer.call('system.stats', {})).totals.EXECUTING).toBe(1)
  })

  await test.step('find and inspect', async () => {
    await window.choose('Go to tokens')
    await window.expectPage('Tokens')
    await page.keyboard.press('/')
    await page.keyboard.type('neverEnding')
    // The answer to a new filter is read from its beginning, so it has to be there before the arrow keys are used.
    await expect(window.main.getByRole('status').filter({ hasText: '1 token matches' })).toBeAttached()
    await expect(tokenRow(window, 'demo.neverEnding', 'Executing')).toBeVisible()
    await tabTo(page, 'Tokens')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { name: 'Why it runs there' })).toBeVisible()
  })

  await test.step('think better of it, kill, and come back to where the focus was', async () => {
    for (const command of ['Drain all…', 'Kill all…']) {
      await window.choose(command)
      await expect(page.getByRole('alertdialog')).toBeVisible()
      await page.keyboard.press('Escape')
      await expect.poll(() => focusedElement(page)).toBe('grid Tokens')
    }
    await window.choose('Kill the open token…')
    await expect(page.getByRole('alertdialog').getByRole('textbox', { name: 'Reason' })).toBeFocused()
    await page.keyboard.type('by keys alone')
    await tabTo(page, 'Kill 1 token')
    // Around the dialog faster than it leads the focus back.
    const reached = await recordFocusBehindDialogs(page)
    await Promise.all(Array.from({ length: 20 }, () => page.keyboard.press('Tab')))
    expect(await reached()).toEqual([])
    await tabTo(page, 'Kill 1 token')
    await page.keyboard.press('Enter')
    await expect(tokenRow(window, 'demo.neverEnding', 'Killed')).toBeVisible()
    await expect.poll(() => focusedElement(page)).toBe('grid Tokens')
  })

  await test.step('drain', async () => {
    const totals = async () => (await observer.call('system.stats', {})).totals
    await window.choose('Pause admission')
    await window.choose('demo.neverEnding')
    await tabTo(page, 'Launch')
    await page.keyboard.press('Enter')
    await expect.poll(async () => (await totals()).WAITING).toBe(1)
    await window.choose('Drain all…')
    await expect(page.getByRole('alertdialog').getByRole('textbox', { name: 'Reason' })).toBeFocused()
    await page.keyboard.type('by keys alone')
    await tabTo(page, 'Drain: kill 1 token')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('alertdialog')).toBeHidden()
    await expect.poll(totals).toMatchObject({ WAITING: 0, KILLED: 2 })
    await window.choose('Resume admission')
  })

  await test.step('every page', async () => {
    for (const title of await window.pageTitles()) {
      await window.goTo(title)
      expect(await walkByTab(page, title), `${title} has something to reach`).toBeGreaterThan(0)
    }
  })
  observer.close()
})

function tokenRow(window: GuardhouseWindow, operation: string, state: string): Locator {
  return window.main.getByRole('grid').getByRole('row').filter({ hasText: operation }).filter({ hasText: state })
}

async function routeSentence(observer: Awaited<ReturnType<DesktopApp['observe']>>, id: string) {
  return (await observer.call('tokens.get', { id })).route?.sentence
}
