import { readFile } from 'node:fs/promises'
import { request, sendRaw } from './raw-socket.ts'
import { expect, test } from './served-test.ts'

test('runs in time are moved by keys, summed up and saved as a trace', async ({ host, page, window }) => {
  const { main } = window
  await window.goTo('Guard house')
  const picture = main.getByRole('region', { name: /^Runs in time. Keys/ })
  await picture.focus()
  // Only now: after ten seconds it has left the picture, until a key stops that.
  await sendRaw(page, host.address, [request('tokens.submit', { operation: 'at-once', arguments: [1] })])
  await expect(main.getByText(/1 token ran in 10/)).toBeVisible()
  await page.keyboard.press('w')
  await expect(main.getByText(/ran in 6\.67 s/)).toBeVisible()
  await page.keyboard.press('s')
  await expect(main.getByText(/ran in 10/)).toBeVisible()
  await page.keyboard.press('e')
  await expect(main.getByRole('table', { name: /Selected 10.*1 token ran/ })).toBeVisible()

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    main.getByRole('button', { name: 'Save as a trace for Perfetto' }).click(),
  ])
  const trace = JSON.parse(await readFile(await download.path(), 'utf8'))
  expect(trace.traceEvents.filter((event: { ph: string }) => event.ph === 'X')).toMatchObject([{ name: 'at-once' }])

  await picture.focus()
  await page.keyboard.press('Escape')
  await expect(main.getByRole('table', { name: /Selected/ })).toBeHidden()
})
