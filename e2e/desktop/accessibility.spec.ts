import { expectAccessible } from '../fixtures/accessibility.ts'
import { expect, test, windowSizes } from '../fixtures/desktop-test.ts'
import { GuardhouseWindow } from '../fixtures/guardhouse-window.ts'

test.beforeEach(async ({ desktop }) => {
  // Else contrast is measured while things fade in.
  await desktop.page.emulateMedia({ reducedMotion: 'reduce' })
})

const fillings = ['empty', 'with the sample'] as const

for (const theme of ['light', 'dark'] as const) {
  for (const filling of fillings) {
    test(`every page is accessible in the ${theme} theme, at every size, ${filling}`, async ({ desktop }) => {
      test.slow()
      const { page } = desktop
      const window = new GuardhouseWindow(page)
      await window.expectConnected()
      await desktop.chooseMenuItem(`theme.${theme}`)
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
      if (filling === 'with the sample') await desktop.chooseMenuItem('sample.run')
      for (const title of await window.pageTitles()) {
        await window.goTo(title)
        for (const size of windowSizes) {
          await page.setViewportSize(size)
          await expectAccessible(page, `${title}, ${theme}, ${size.width} wide, ${filling}`)
        }
      }
    })
  }
}

test('what lies over a page is accessible', async ({ desktop }) => {
  const { page } = desktop
  const window = new GuardhouseWindow(page)
  await window.expectConnected()
  await desktop.chooseMenuItem('palette.open')
  await expect(window.palette).toBeVisible()
  await expectAccessible(page, 'command palette')
  await page.keyboard.press('Escape')
  await desktop.chooseMenuItem('help.shortcuts')
  await expect(page.getByRole('dialog')).toBeVisible()
  await expectAccessible(page, 'shortcuts')
  await page.keyboard.press('Escape')
  await desktop.chooseMenuItem('pool.killAll')
  await expect(page.getByRole('alertdialog')).toBeVisible()
  await expectAccessible(page, 'kill all')
})
