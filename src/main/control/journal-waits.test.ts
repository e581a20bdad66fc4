import { expect, test } from 'vitest'
import type { JournalNotice } from '../engine/journal/journal.ts'
import { JournalWaits } from './journal-waits.ts'

/** A journal whose writing and whose trouble are in the test's hands. */
function journalBench() {
  const listeners: ((notice: JournalNotice) => void)[] = []
  const written = Promise.withResolvers<void>()
  const journal = {
    trouble: null as string | null,
    durable: () => written.promise,
    onNotice: (listener: (notice: JournalNotice) => void) => void listeners.push(listener),
  }
  const tell = (trouble: string | null) => {
    journal.trouble = trouble
    for (const listener of listeners) listener({ level: 'error', text: trouble ?? 'a notice' })
  }
  return { waits: new JournalWaits(journal), written, tell }
}

test('whoever waits for the disk hears at once, and with what to do, when it cannot be written meanwhile', async () => {
  const { waits, tell } = journalBench()
  const accepted = waits.accepted('token a was accepted')
  const outcome = waits.kept()
  tell('The disk is full. Make room.')
  await expect(accepted).rejects.toMatchObject({
    kind: 'not-kept',
    message: 'token a was accepted, but not yet written down: The disk is full. Make room.',
    hint: expect.stringContaining('Do not submit again'),
  })
  expect(await outcome).toBe(false)
  expect(await waits.kept()).toBe(false)
})

test('whoever waits is answered when the disk has it, whatever else is told meanwhile', async () => {
  const { waits, written, tell } = journalBench()
  const kept = waits.kept()
  tell(null)
  written.resolve()
  expect(await kept).toBe(true)
  await waits.accepted('token a was accepted')
})

test('a journal that dies fails the wait; without one nothing waits', async () => {
  const { waits, written } = journalBench()
  const kept = waits.kept()
  written.reject(new Error('its thread has died'))
  await expect(kept).rejects.toThrow('its thread has died')
  expect(await new JournalWaits(null).kept()).toBe(true)
})
