import { startSecondInstance } from '../fixtures/desktop-app.ts'
import { expect, test } from '../fixtures/desktop-test.ts'
import { GuardhouseWindow } from '../fixtures/guardhouse-window.ts'

test('a link of another program leads to its token in the running window', async ({ desktop, stateDirectory }) => {
  const window = new GuardhouseWindow(desktop.page)
  await window.expectConnected()
  await expect(window.workspace('sample-workspace')).toBeVisible()
  const observer = await desktop.observe()
  await expect.poll(async () => (await observer.call('workspace.get', {})).state).toBe('ready')
  const { id } = await observer.call('tokens.submit', { operation: 'demo.neverEnding' })
  await startSecondInstance({ stateDirectory, arguments: [`guardhouse://token/${encodeURIComponent(id)}`] })
  await window.expectPage('Tokens')
  await expect(desktop.page.getByRole('heading', { name: 'demo.neverEnding' })).toBeVisible()

  await desktop.page.getByRole('button', { name: 'Tell me when this token ends' }).click()
  await expect(desktop.page.getByRole('button', { name: 'Tell me when this token ends', pressed: true })).toBeVisible()
  await observer.call('commands.kill', { scope: { kind: 'tokens', ids: [id] }, reason: 'seen enough' })
  await expect(desktop.page.getByText('demo.neverEnding was killed')).toBeVisible()
  observer.close()
})
