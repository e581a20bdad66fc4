import { request as httpRequest } from 'node:http'
import { MessageChannel } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RunningServer } from './index.ts'
import { ServerFixture } from './server.fixture.ts'

let fixture: ServerFixture
let taken: Taken
beforeEach(async () => {
  fixture = await ServerFixture.create()
  taken = { text: '', pieces: 0, closed: Promise.withResolvers<void>(), first: Promise.withResolvers<void>() }
})
afterEach(async () => {
  await fixture[Symbol.asyncDispose]()
})

interface Taken {
  text: string
  pieces: number
  /** The connection of the import was closed. */
  readonly closed: PromiseWithResolvers<void>
  readonly first: PromiseWithResolvers<void>
}

interface Call {
  readonly id: number
  readonly params: { readonly text: string; readonly last: boolean }
}

/** A control thread that joins the pieces; `refusal`: what it says to the last one. */
function controlFor(refusal: string | null = null) {
  return {
    connect() {
      const { port1, port2 } = new MessageChannel()
      port1.on('message', ({ id, params: { text, last } }: Call) => {
        taken.text += text
        taken.pieces += 1
        taken.first.resolve()
        const error = { code: 1, message: refusal, data: { kind: 'bad-request', message: refusal } }
        const result = { upload: 'u', run: last ? 'the-run' : null, events: 1 }
        port1.postMessage({ jsonrpc: '2.0', id, ...(last && refusal !== null ? { error } : { result }) })
      })
      port1.on('close', () => taken.closed.resolve())
      return port2
    },
  }
}

function upload(server: RunningServer, secret = server.secret) {
  const { hostname, port } = new URL(server.url)
  const headers = { authorization: `Bearer ${secret}` }
  return httpRequest({ hostname, port, path: '/import?name=long.jsonl', method: 'POST', headers })
}

async function answerTo(request: ReturnType<typeof upload>, body: string): Promise<{ status: number; body: string }> {
  return await new Promise((resolve, reject) => {
    request.on('error', reject)
    request.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }))
    })
    request.end(body)
  })
}

describe('a trace that is sent whole', () => {
  it('is handed on in pieces, in order, with no letter torn apart, and answered with its run', async () => {
    const server = await fixture.start({ control: controlFor() })
    const long = 'äöü€'.repeat(600_000)
    const answer = await answerTo(upload(server), long)
    expect([answer.status, JSON.parse(answer.body)]).toEqual([200, { run: 'the-run' }])
    expect(taken.text === long).toBe(true)
    expect(taken.pieces).toBeGreaterThan(2)
    await taken.closed.promise
  })

  it('is refused with what the host says of it', async () => {
    const server = await fixture.start({ control: controlFor('it is no trace') })
    const answer = await answerTo(upload(server), 'nothing of the kind')
    expect([answer.status, JSON.parse(answer.body).error.message]).toEqual([400, 'it is no trace'])
    expect(answer.body).not.toContain('stack')
  })

  it('closes its connection when it breaks off, so that the host gives up what it has', async () => {
    const server = await fixture.start({ control: controlFor() })
    const request = upload(server)
    request.on('error', () => undefined)
    request.write('x'.repeat(2 * 1024 * 1024))
    await taken.first.promise
    request.destroy()
    await taken.closed.promise
    expect(taken.text).not.toBe('')
  })

  it('is taken from nobody without the secret', async () => {
    const server = await fixture.start({ control: controlFor() })
    const answer = await answerTo(upload(server, 'wrong'), 'x')
    expect([answer.status, taken.pieces]).toEqual([401, 0])
  })
})
