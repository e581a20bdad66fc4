import { expectAccessible } from '../fixtures/accessibility.ts'
import { expect, test } from '../fixtures/desktop-test.ts'
import { GuardhouseWindow } from '../fixtures/guardhouse-window.ts'
import { tabTo } from '../fixtures/keyboard.ts'

test('the keyboard alone follows a tuple to its token and its receipt, verifies and holds it, and looks at storage', async ({
  desktop,
}) => {
  test.slow()
  const { page } = desktop
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const window = new GuardhouseWindow(page)
  await window.expectConnected()
  const observer = await desktop.observe()
  await expect.poll(async () => (await observer.call('workspace.get', {})).state).toBe('ready')
  await observer.call('bus.setLane', { lane: 'work', operation: 'orders.price' })
  const { id } = await observer.call('bus.out', { tuple: { lane: 'work', n: 12 } })
  const proved = async () => (await observer.call('trail.of', { kind: 'tuple', id })).receipts.length
  await expect.poll(proved).toBe(1)

  await test.step('find the note of the tuple, and from it the tuple', async () => {
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
    await note.locator(`a[title="${id}"]`).first().focus()
    await page.keyboard.press('Enter')
    await expect(note.getByText('It is no longer on the bus')).toBeVisible()
    await expectAccessible(page, 'bus with a tuple')
  })

  await test.step('to the token, and to its receipt', async () => {
    const trail = () => page.getByRole('region', { name: 'Trail' })
    await trail()
      .getByRole('link', { name: /^orders\.price_/ })
      .focus()
    await page.keyboard.press('Enter')
    await window.expectPage('Tokens')
    await expect(trail().getByText('Made of')).toBeVisible()
    await expect(trail().getByText('lane invoices')).toBeVisible()
    await trail()
      .getByRole('link', { name: /^[0-9a-f]{64}$/ })
      .focus()
    await page.keyboard.press('Enter')
    await window.expectPage('Receipts')
  })

  await test.step('verify it and hold it', async () => {
    await expect(page.getByRole('button', { name: 'Verify the chain' })).toBeVisible()
    await page.keyboard.press('v')
    await expect(page.getByText('The chain is whole')).toBeVisible()
    await page.keyboard.press('p')
    await expect(page.getByRole('button', { name: 'Let its bodies go' })).toBeVisible()
    await expectAccessible(page, 'an open receipt')
  })

  await test.step('what a collection would remove', async () => {
    await window.choose('Go to storage')
    await window.expectPage('Storage')
    await expect(page.getByText('nothing would go').first()).toBeVisible()
    await expectAccessible(page, 'storage')
  })
  observer.close()
})
