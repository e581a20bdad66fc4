import { request, sendRaw } from './raw-socket.ts'
import { expect, test } from './served-test.ts'

test.use({ serveArguments: ['--read-only'] })

test('a read-only window offers nothing that changes something, and says why', async ({ window, page }) => {
  await window.expectConnected()
  const pause = page.getByRole('button', { name: 'Pause' }).first()
  await expect(pause).toHaveAttribute('aria-disabled', 'true')
  await expect(page.getByRole('button', { name: 'Run sample' }).first()).toHaveAttribute('aria-disabled', 'true')
})

test('a read-only host refuses what changes something, whoever asks', async ({ host, page, window }) => {
  const forbidden = [
    request('tokens.submit', { operation: 'at-once', arguments: [1] }),
    request('commands.pause', { scope: { kind: 'all' } }),
    request('commands.kill', { scope: { kind: 'all' } }),
    request('workspace.openSample'),
    request('cores.setPattern', { core: 1, pattern: 1 }),
  ]
  const events = await sendRaw(page, host.address, [...forbidden, request('system.stats')])
  for (const { message } of events.slice(0, forbidden.length)) {
    expect(message?.error?.message).toContain('this connection may only read')
  }
  expect(events.at(-1)?.message?.result).toBeDefined()
  await window.expectConnected()
})
