import { describe, expect, it } from 'vitest'
import { TokenHandle } from './token-handle.ts'

const failure = { kind: 'killed', message: 'killed by a test' } as const

describe('a handle', () => {
  it('tells everybody who asks, before and after the end', async () => {
    const handle = new TokenHandle(7)
    const early = [handle.outcome, handle.then((value) => `${value}!`)]
    expect(handle.settled).toBe(false)
    handle.settle(null, 'done')
    expect(handle.settled).toBe(true)
    expect(await Promise.all([...early, handle.outcome, handle])).toEqual(['done', 'done!', 'done', 'done'])
  })

  it('rejects with an error of the kind that the token ended with', async () => {
    const handle = new TokenHandle(7)
    handle.settle(failure, undefined)
    await expect(handle.outcome).rejects.toMatchObject({ ...failure, name: 'GuardhouseError' })
    const message = await handle.then(null, (error: unknown) => (error as Error).message)
    expect(message).toBe(failure.message)
  })

  it('raises no unhandled rejection when nobody asks', async () => {
    const unheard: unknown[] = []
    const listener = (reason: unknown) => unheard.push(reason)
    process.on('unhandledRejection', listener)
    new TokenHandle(7).settle(failure, undefined)
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', listener)
    expect(unheard).toEqual([])
  })

  it('lets one who gives up waiting go without harm to the others', async () => {
    const handle = new TokenHandle(7)
    const impatient = Promise.race([handle, Promise.resolve('gave up')])
    expect(await impatient).toBe('gave up')
    handle.settle(null, 'done')
    expect(await handle).toBe('done')
  })
})
