import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerPageRequest, registerAppScheme } from './protocol.ts'

let root: string
let directory: string

beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'guardhouse-page-'))
  directory = path.join(root, 'renderer')
  await mkdir(path.join(directory, 'assets'), { recursive: true })
  await mkdir(path.join(root, 'renderer-private'))
  await writeFile(path.join(directory, 'index.html'), '<!doctype html><title>page</title>')
  await writeFile(path.join(directory, 'assets', 'index.js'), 'export {}')
  await writeFile(path.join(directory, 'assets', 'page.css'), 'body {}')
  await writeFile(path.join(directory, 'notes.secret'), 'a type we do not serve')
  await writeFile(path.join(root, 'outside.html'), 'outside')
  await writeFile(path.join(root, 'renderer-private', 'index.html'), 'outside')
})

afterAll(() => rm(root, { recursive: true }))

function get(url: string, method = 'GET'): Promise<Response> {
  return answerPageRequest({ url, method }, directory)
}

describe('app protocol', () => {
  it('is registered as a standard, secure scheme that bypasses nothing', () => {
    const registered: unknown[] = []
    registerAppScheme({ registerSchemesAsPrivileged: (schemes) => registered.push(...schemes) })
    expect(registered).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
    ])
  })

  it.each([
    ['app://guardhouse/', 'text/html; charset=utf-8'],
    ['app://guardhouse/index.html', 'text/html; charset=utf-8'],
    ['app://guardhouse/index.html?x=1#/tokens', 'text/html; charset=utf-8'],
    ['app://guardhouse/assets/index.js', 'text/javascript; charset=utf-8'],
    ['app://guardhouse/assets/../assets/page.css', 'text/css; charset=utf-8'],
  ])('serves %s as %s', async (url, mediaType) => {
    const response = await get(url)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe(mediaType)
  })

  it('sends a policy that lets the page run and load only what we ship', async () => {
    const { headers } = await get('app://guardhouse/')
    const policy = new Map(
      (headers.get('content-security-policy') ?? '').split('; ').map((directive) => {
        const [name = '', ...values] = directive.split(' ')
        return [name, values.join(' ')]
      }),
    )
    expect(policy.get('default-src')).toBe("'none'")
    expect(policy.get('script-src')).toBe("'self'")
    expect(policy.get('style-src')).toBe("'self'")
    expect(policy.get('connect-src')).toBe("'self'")
    expect(policy.get('frame-ancestors')).toBe("'none'")
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp')
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  it.each([
    'app://guardhouse/../outside.html',
    'app://guardhouse/%2e%2e/outside.html',
    'app://guardhouse/..%2foutside.html',
    'app://guardhouse/assets/..%2f..%2foutside.html',
    'app://guardhouse/..%2frenderer-private/index.html',
    'app://guardhouse/..%5coutside.html',
    'app://guardhouse/%2fetc%2fhosts',
    'app://guardhouse//etc/hosts',
    'app://guardhouse/C:%5cWindows%5cwin.ini',
    'app://guardhouse/index.html%00.js',
    'app://guardhouse/index.html::$DATA',
    'app://guardhouse/%E0%A4%A',
    'app://guardhouse/assets',
    'app://guardhouse/assets/',
    'app://guardhouse/index.html/more.js',
    'app://guardhouse/notes.secret',
    'app://guardhouse/absent.js',
    'app://elsewhere/index.html',
    `app://guardhouse/${'long'.repeat(2000)}.js`,
  ])('answers 404 to %s', async (url) => {
    const response = await get(url)
    expect(response.status).toBe(404)
    expect(await response.text()).toBe('')
    expect(response.headers.get('content-security-policy')).not.toBeNull()
  })

  it('never serves a file outside its directory, whatever the path', async () => {
    const step = fc.constantFrom(
      '..',
      '.',
      '%2e%2e',
      '..%2f',
      '%5c..',
      'assets',
      'outside.html',
      'renderer-private',
      '',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const response = await get(`app://guardhouse/${steps.join('/')}`)
        expect(await response.text()).not.toBe('outside')
      }),
    )
  })

  it('answers HEAD without a body and refuses what would write', async () => {
    const head = await get('app://guardhouse/', 'HEAD')
    expect([head.status, await head.text()]).toEqual([200, ''])
    expect((await get('app://guardhouse/', 'POST')).status).toBe(405)
  })
})
