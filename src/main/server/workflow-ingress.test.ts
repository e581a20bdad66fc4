import { cpSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeShop } from '../cli/workflow.fixture.ts'
import { printCompact } from '../engine/json/print.ts'
import {
  asArray,
  asObject,
  asText,
  describeWithReference,
  readReference,
  referenceFolder,
} from '../engine/workflow/reference.fixture.ts'
import { fixedClock, labelledEntropy } from '../engine/workflow/run/clocks.ts'
import {
  conditionOf,
  sideEffect,
  temporaryFolder,
  writeSnapshot,
  writeText,
} from '../engine/workflow/workspace.fixture.ts'
import { IngressRuns } from './ingress-run.ts'
import { type IngressOptions, startIngress } from './workflow-ingress.ts'

function start(folder: string, more: Partial<IngressOptions> = {}) {
  return startIngress({
    ...{ workspace: folder, dataRoot: join(folder, 'data'), port: 0, indexFolder: null, failureStatus: false },
    clock: fixedClock({ wallMicroseconds: Date.parse('2026-01-01T00:00:00Z') * 1000 }),
    entropy: labelledEntropy('test:'),
    folders: new Map([['demo', join(folder, 'static')]]),
    ...more,
  })
}

/** Sends the path as it is, which fetch would not. */
function send(url: string, method: string, path: string, body?: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; type: string; cors: string; text: string }>((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const request = httpRequest({ hostname, port, method, path, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      const { 'content-type': type = '', 'access-control-allow-origin': cors = '' } = response.headers
      response.on('end', () => resolve({ status: response.statusCode ?? 0, type, cors, text }))
    })
    request.on('error', reject)
    request.end(body)
  })
}

function refuses(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    socket.on('error', () => resolve(true))
    socket.on('connect', () => {
      socket.destroy()
      resolve(false)
    })
  })
}

function writeSite(folder: string): void {
  writeText(join(folder, 'static', 'index.html'), '<p>hi</p>')
  writeText(join(folder, 'static', 'a.css'), 'x{}')
  writeText(join(folder, 'static', 'blob.zzz'), 'z')
  writeText(join(folder, 'static', 'sub', 'index.html'), 'sub')
  writeText(join(folder, 'static-secret.txt'), 'secret')
}

describe('the HTTP ingress', () => {
  it('runs workflows, many at a time, and leaves their traces', async () => {
    using folder = temporaryFolder()
    writeShop(folder.path)
    await using ingress = await start(folder.path)
    const post = (v: number) =>
      send(ingress.url, 'POST', '/api/run', `{"workflow_code": "shop::WF_ORDER_V0", "payload": {"v": ${v}}}`)
    const answers = await Promise.all([1, 2, 3, 4, 5].map(post))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(JSON.parse(answers[0]?.text ?? '')).toMatchObject({ status: 'SUCCESS', workflow_code: 'shop::WF_ORDER_V0' })
  })

  it('lets a long run hold up no other', async () => {
    using folder = temporaryFolder()
    writeShop(folder.path)
    const again = { [conditionOf('ACK')]: 1 }
    const dispatch = { entry: { 0: { start: 1, rb: 2 } }, routing: { 0: { 1: again } }, bindings: {}, pipeline: {} }
    writeSnapshot(folder.path, 'ring', {
      names: ['WF_A_V0', 'IN_A_V0', 'RB_V0'].map((code) => `ring::${code}`),
      dispatch,
      handlers: {},
    })
    let elapsed = 0
    const runs = new IngressRuns({
      ...{ workspace: folder.path, dataRoot: join(folder.path, 'data'), indexFolder: null },
      // A clock on which every node takes so long that the run lets others have their turn.
      clock: { ...fixedClock({}), elapsedMilliseconds: () => (elapsed += 1000) },
      entropy: labelledEntropy('test:'),
    })
    const answered: string[] = []
    const run = async (name: string) => {
      const { code } = await runs.answer(`{"workflow_code": "${name}"}`, new AbortController().signal)
      answered.push(`${name} ${code}`)
    }
    await Promise.all([run('ring::WF_A_V0'), run('shop::WF_ORDER_V0')])
    expect(answered).toEqual(['shop::WF_ORDER_V0 200', 'ring::WF_A_V0 500'])
  })

  it('answers others while one client is slow, and listens to this machine alone', async () => {
    using folder = temporaryFolder()
    writeShop(folder.path)
    await using ingress = await start(folder.path)
    const { port } = new URL(ingress.url)
    const slow = httpRequest({
      port,
      host: '127.0.0.1',
      method: 'POST',
      path: '/api/run',
      headers: { 'content-length': 100 },
    })
    slow.on('error', () => undefined)
    slow.write('{"workflow_code"')
    expect((await send(ingress.url, 'POST', '/api/run', '{"workflow_code": "shop::WF_ORDER_V0"}')).status).toBe(200)
    slow.destroy()
    // Every address of this machine, on which a server on all of its interfaces would answer.
    const addresses = Object.values(networkInterfaces()).flatMap((each) => each?.map(({ address }) => address) ?? [])
    const others = [...addresses, ...(process.platform === 'linux' ? ['127.0.0.2'] : [])]
    for (const host of others) expect(await refuses(host, Number(port)), host).toBe(host !== '127.0.0.1')
  })

  it('leaves secrets out of evidence, trace and answers of its runs, and follows no link that leads out', async () => {
    using folder = temporaryFolder()
    writeShop(folder.path)
    writeSite(folder.path)
    writeText(join(folder.path, 'redaction.json'), '{"secrets": ["card", "done"]}')
    symlinkSync(join(folder.path, 'static-secret.txt'), join(folder.path, 'static', 'link.txt'))
    symlinkSync('a.css', join(folder.path, 'static', 'inside.css'))
    await using ingress = await start(folder.path)
    const payload = '{"v": {"card": "4111-1111", "mnemonic": "able about above"}}'
    const body = `{"workflow_code": "shop::WF_ORDER_V0", "payload": ${payload}}`
    const answer = await send(ingress.url, 'POST', '/api/run', body)
    expect(JSON.parse(answer.text).result_payload).toMatchObject({ done: expect.stringMatching(/^\[redacted #\d\]$/) })
    const written = readdirSync(join(folder.path, 'traces'), { recursive: true, encoding: 'utf8' }).filter((path) =>
      /\.(ndjson|jsonl)$/.test(path),
    )
    expect(written).toHaveLength(2)
    for (const path of written) {
      const text = readFileSync(join(folder.path, 'traces', path), 'utf8')
      expect([text.includes('[redacted #1]'), text.includes('4111-1111')], path).toEqual([true, false])
      // What transforms hold is left out of the evidence alone: the trace is the reference's.
      expect(text.includes('able about'), path).toBe(path.endsWith('.jsonl'))
    }
    const links = await Promise.all(['link.txt', 'inside.css'].map((name) => send(ingress.url, 'GET', `/demo/${name}`)))
    expect(links.map(({ status }) => status)).toEqual([403, 200])
  })

  it('answers a list, a body that is too large, a preflight and a path that leads out', async () => {
    using folder = temporaryFolder()
    writeShop(folder.path)
    writeSite(folder.path)
    await using ingress = await start(folder.path)
    expect(await send(ingress.url, 'POST', '/api/run', '[1]')).toMatchObject({
      status: 400,
      text: '{"error":"Request body must be a JSON object"}',
    })
    const bodyOf = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`
    expect((await send(ingress.url, 'POST', '/api/run', bodyOf(1 << 20))).status).toBe(400)
    expect((await send(ingress.url, 'POST', '/api/run', bodyOf((1 << 20) + 1))).status).toBe(413)
    const preflight = await fetch(`${ingress.url}/api/run`, { method: 'OPTIONS' })
    const allowed = ['origin', 'headers', 'methods'].map((what) =>
      preflight.headers.get(`access-control-allow-${what}`),
    )
    expect([preflight.status, ...allowed]).toEqual([204, '*', 'content-type', 'GET, POST, OPTIONS'])
    for (const path of [
      '/demo/../static-secret.txt',
      '/demo/..%2fstatic-secret.txt',
      '/demo/%2e%2e/static-secret.txt',
    ]) {
      expect((await send(ingress.url, 'GET', path)).status, path).toBe(403)
    }
  })

  it('refuses pages from elsewhere, and names that were bent to this machine', async () => {
    using folder = temporaryFolder()
    writeShop(folder.path)
    await using ingress = await start(folder.path)
    const body = '{"workflow_code": "shop::WF_ORDER_V0"}'
    expect((await send(ingress.url, 'POST', '/api/run', body, { origin: 'https://example.com' })).status).toBe(403)
    expect((await send(ingress.url, 'POST', '/api/run', body, { host: 'example.com' })).status).toBe(403)
    expect(new URL(ingress.url).hostname).toBe('127.0.0.1')
  })

  it('answers a workflow that does not succeed with 422 when asked to', async () => {
    using folder = temporaryFolder()
    writeShop(folder.path)
    const table = join(folder.path, 'tokenized_snapshot', 'shop', 'dispatch.json')
    writeText(table, readFileSync(table, 'utf8').replace('"O"', '7'))
    for (const [failureStatus, code] of [
      [false, 200],
      [true, 422],
    ] as const) {
      await using ingress = await start(folder.path, { failureStatus, timeLimitMilliseconds: 60_000 })
      const answer = await send(ingress.url, 'POST', '/api/run', '{"workflow_code": "shop::WF_ORDER_V0"}')
      expect([answer.status, JSON.parse(answer.text).status]).toEqual([code, 'VIOLATION'])
    }
  })

  it('answers what is there already with 200, also when asked to answer failures with 422', async () => {
    using folder = temporaryFolder()
    const register = {
      ...{ addr: 3, op: 'REGISTER', step_id: 'r', inputs: { key: 'a' }, outputs: {} },
      on_result: { ALREADY_EXISTS: 'exit' },
    }
    writeSnapshot(folder.path, 'keys', {
      names: ['WF_KEEP_V0', 'RB_V0', 'CC_KEEP_V0', 'CS_REGISTRY_V0'].map((code) => `keys::${code}`),
      dispatch: { entry: { 0: { start: 2, rb: 1 } }, routing: { 0: {} }, bindings: {}, pipeline: { 2: [register] } },
      handlers: {
        cs: { 3: sideEffect('CS_REGISTRY_V0', 'RegistryRuntime') },
        rb_policy: { 1: { 3: { policy: { path: '{{module_data_root}}/keys.jsonl' } } } },
      },
    })
    await using ingress = await start(folder.path, { failureStatus: true })
    for (const status of ['SUCCESS', 'ALREADY_EXISTS']) {
      const answer = await send(ingress.url, 'POST', '/api/run', '{"workflow_code": "keys::WF_KEEP_V0"}')
      expect([answer.status, JSON.parse(answer.text).status]).toEqual([200, status])
    }
  })
})

describeWithReference('the exchanges of the reference gateway', () => {
  it('come out alike, except for its faults', async () => {
    using folder = temporaryFolder()
    cpSync(join(referenceFolder, 'snapshot', 'v0.3.0'), folder.path, { recursive: true })
    writeSite(folder.path)
    await using ingress = await start(folder.path)
    const faults: Record<string, number> = { '/demo/../static-secret.txt': 403, OPTIONS: 204, '[1]': 400 }
    for (const exchange of asArray(asObject(readReference('golden', 'http-server.json')).get('exchanges')).map(
      asObject,
    )) {
      const [method, path] = [asText(exchange.get('method')), asText(exchange.get('path'))]
      const body = exchange.get('body')
      const answer = await send(ingress.url, method, path, typeof body === 'string' ? body : undefined)
      const fault = faults[path] ?? faults[method] ?? faults[String(body)]
      const label = printCompact(exchange)
      expect(answer.status, label).toBe(fault ?? exchange.get('status'))
      if (fault !== undefined || method === 'PUT') continue
      expect([answer.type, answer.cors], label).toEqual([exchange.get('content_type'), exchange.get('cors')])
      if (path !== '/')
        expect(answer.text, label).toBe(asText(exchange.get('response')).replaceAll('<WORKSPACE>', folder.path))
    }
  })
})
