import { describe, expect, it } from 'vitest'
import type { Host } from '../../client/host.ts'
import { sendTrace } from './send-trace.ts'

interface Taken {
  text: string
  readonly sizes: number[]
  abandoned: number
}

/** A host that joins the pieces; `refuse`: from which piece on it says no. */
function hostFor(taken: Taken, refuse = Number.POSITIVE_INFINITY): Pick<Host, 'call' | 'sendFile'> {
  const call = async (name: string, input: { text: string; last: boolean }) => {
    if (name === 'workflows.abandonImport') {
      taken.abandoned += 1
      return { abandoned: true }
    }
    if (taken.sizes.length >= refuse) throw new Error('the disk is full')
    taken.sizes.push(input.text.length)
    taken.text += input.text
    return { upload: 'upload', run: input.last ? 'run' : null, events: taken.sizes.length }
  }
  return { call, sendFile: null } as unknown as Pick<Host, 'call' | 'sendFile'>
}

function nothingTaken(): Taken {
  return { text: '', sizes: [], abandoned: 0 }
}

/** Larger than two pieces, with letters of several bytes wherever it is cut. */
const long = 'äöü€'.repeat(600_000)

describe('sending a trace', () => {
  it('sends a file in pieces, in order, with no letter torn apart', async () => {
    const taken = nothingTaken()
    const shares: number[] = []
    const run = await sendTrace(
      hostFor(taken),
      new File([long], 'long.jsonl'),
      new AbortController().signal,
      (seen) => {
        shares.push(seen.share)
      },
    )
    expect(run).toBe('run')
    expect(taken.text === long).toBe(true)
    expect(taken.sizes.length).toBeGreaterThan(2)
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
    expect(taken.abandoned).toBe(0)
  })

  it('sends an empty file too, so that the host can say what is wrong with it', async () => {
    const taken = nothingTaken()
    await sendTrace(hostFor(taken), new File([], 'empty.jsonl'), new AbortController().signal, () => undefined)
    expect(taken.sizes).toEqual([0])
  })

  it('gives up what was sent when it is stopped', async () => {
    const taken = nothingTaken()
    const stop = new AbortController()
    const run = await sendTrace(hostFor(taken), new File([long], 'long.jsonl'), stop.signal, ({ events }) => {
      if (events !== null && events > 0) stop.abort()
    })
    expect([run, taken.abandoned]).toEqual([null, 1])
    expect(taken.text.length).toBeLessThan(long.length)
  })

  it('gives up what was sent when a piece is refused, and tells why', async () => {
    const taken = nothingTaken()
    const sent = sendTrace(
      hostFor(taken, 1),
      new File([long], 'x.jsonl'),
      new AbortController().signal,
      () => undefined,
    )
    await expect(sent).rejects.toThrow('the disk is full')
    expect(taken.abandoned).toBe(1)
  })
})
