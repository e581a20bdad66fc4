import { expect, test } from '../fixtures/desktop-test.ts'
import { GuardhouseWindow } from '../fixtures/guardhouse-window.ts'
import { tabTo } from '../fixtures/keyboard.ts'

test('the keyboard alone follows a note to its receipt, verifies and holds that, and collects what is old', async ({
  desktop,
}) => {
  const { page } = desktop
  const window = new GuardhouseWindow(page)
  await window.expectConnected()
  const observer = await desktop.observe()
  await expect.poll(async () => (await observer.call('workspace.get', {})).state).toBe('ready')
  await observer.call('bus.setLane', { lane: 'work', operation: 'orders.price' })
  // Arguments of that size lie in a body, so that there is something to hold.
  const { id } = await observer.call('bus.out', { tuple: { lane: 'work', n: 12, remark: 'urgent '.repeat(300) } })
  const trail = () => observer.call('trail.of', { kind: 'tuple', id })
  await expect.poll(async () => (await trail()).receipts.length).toBe(1)
  const [token] = (await trail()).tokens
  const [receipt] = (await trail()).receipts
  const putOld = (yool: string, day: string) =>
    observer.call('receipts.put', {
      ...{ yool, startedAt: `${day}T10:00:00Z`, endedAt: `${day}T10:00:05Z` },
      bodies: [{ content: Buffer.from(yool).toString('base64'), mime: 'text/plain' }],
    })
  const oldest = await putOld('agent.oldest.work', '2020-01-01')
  const old = await putOld('agent.old.work', '2020-02-01')

  await test.step('find the note of the tuple', async () => {
    await window.choose('Go to the bus')
    await window.expectPage('Bus')
    await page.keyboard.press('/')
    await page.keyboard.type('audit')
    await expect(page.getByRole('region', { name: 'Rows: Live tuples' }).getByRole('row')).toHaveCount(2)
    await tabTo(page, 'Rows: Live tuples')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    const note = page.getByRole('region', { name: 'Tuple', exact: true })
    await expect(note.getByRole('heading', { name: 'orders.price' })).toBeVisible()
  })

  await test.step('go on to the token and its receipt, verify it and hold it', async () => {
    await tabTo(page, token?.id ?? '')
    await page.keyboard.press('Enter')
    await window.expectPage('Tokens')
    const left = page.getByRole('region', { name: 'Trail' }).getByTitle(receipt?.id ?? '')
    await expect(left).toBeVisible()
    await tabTo(page, (receipt?.id ?? '').slice(0, 12))
    await page.keyboard.press('Enter')
    await window.expectPage('Receipts')
    await expect(page.getByRole('button', { name: 'Verify the chain' })).toBeVisible()
    await page.keyboard.press('v')
    await expect(page.getByText('The chain is whole')).toBeVisible()
    await page.keyboard.press('p')
    await expect(page.getByRole('button', { name: 'Let its bodies go' })).toBeVisible()
  })

  await test.step('hold one of the old ones in the plan of the collection, and collect the other', async () => {
    await window.choose('Go to storage')
    await window.expectPage('Storage')
    const planned = page.getByRole('region', { name: 'Rows: Receipts that would be emptied' })
    await expect(planned.getByRole('row')).toHaveCount(3)
    await tabTo(page, 'Rows: Receipts that would be emptied')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await expect(planned.getByRole('row')).toHaveCount(2)
    await expect(planned.getByText('agent.old.work')).toBeVisible()
    await page.keyboard.press('c')
    await expect(page.getByRole('alertdialog')).toBeVisible()
    await page.keyboard.type('room for new ones')
    await tabTo(page, 'Remove')
    await page.keyboard.press('Enter')
    await expect(page.getByText('No receipt would lose a body')).toBeVisible()
  })
  const kept = async (id: string) => (await observer.call('receipts.get', { id })).purgedAt === null
  expect([await kept(oldest.id), await kept(old.id)]).toEqual([true, false])
  observer.close()
})
