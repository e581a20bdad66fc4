import { expect, test } from '../fixtures/desktop-test.ts'
import { GuardhouseWindow } from '../fixtures/guardhouse-window.ts'
import { tabTo } from '../fixtures/keyboard.ts'

test('the keyboard alone finds the note of a tuple on the bus and opens it', async ({ desktop }) => {
  const { page } = desktop
  const window = new GuardhouseWindow(page)
  await window.expectConnected()
  const observer = await desktop.observe()
  await expect.poll(async () => (await observer.call('workspace.get', {})).state).toBe('ready')
  await observer.call('bus.setLane', { lane: 'work', operation: 'orders.price' })
  const { id } = await observer.call('bus.out', { tuple: { lane: 'work', n: 12 } })
  const proved = async () => (await observer.call('trail.of', { kind: 'tuple', id })).receipts.length
  await expect.poll(proved).toBe(1)

  await window.choose('Go to the bus')
  await window.expectPage('Bus')
  await page.keyboard.press('/')
  await page.keyboard.type('audit')
  const tuples = page.getByRole('region', { name: 'Rows: Live tuples' })
  await expect(tuples.getByRole('row')).toHaveCount(2)
  await tabTo(page, 'Rows: Live tuples')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  const note = page.getByRole('region', { name: 'Tuple', exact: true })
  await expect(note.getByRole('heading', { name: 'orders.price' })).toBeVisible()
  observer.close()
})
