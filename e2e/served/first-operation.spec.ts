import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { expectAccessible } from '../fixtures/accessibility.ts'
import { expect, test } from './served-test.ts'

test.use({
  workspace: async ({ browserName: _ }, use) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'guardhouse-empty-'))
    await use(folder)
    await rm(folder, { recursive: true })
  },
})

test('an empty folder shows how to begin, and what is saved there can be run', async ({ page, window, workspace }) => {
  await window.goTo('Operations')
  const example = window.main.locator('pre')
  await expect(example).toContainText('taskTokenGuard')
  await expectAccessible(page, 'an empty folder')

  await writeFile(path.join(workspace, 'math.ops.ts'), await example.innerText())
  await window.main.getByRole('row').filter({ hasText: 'math.sum' }).click()
  await expect(example).toHaveCount(0)
  await page.getByRole('textbox', { name: 'a', exact: true }).fill('2')
  await page.getByRole('textbox', { name: 'b', exact: true }).fill('3')
  await page.getByRole('button', { name: 'Launch', exact: true }).click()
  await window.goTo('Tokens')
  await window.main.getByRole('row').filter({ hasText: 'math.sum' }).click()
  await expect(page.getByRole('region', { name: 'Result, value' })).toContainText('5')
})
