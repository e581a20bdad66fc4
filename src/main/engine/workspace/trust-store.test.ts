import { readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { TemporaryFolder } from './temporary-folder.fixture.ts'
import { TrustStore } from './trust-store.ts'

let folder: TemporaryFolder

beforeEach(() => {
  folder = new TemporaryFolder({ 'project/a.ops.ts': '', 'project/below/b.ops.ts': '' })
})

afterEach(() => {
  folder[Symbol.dispose]()
})

function state(): string {
  return join(folder.path, 'state')
}

describe('the trust store', () => {
  test('trusts nothing at first, and then exactly what it was told', async () => {
    const project = join(folder.path, 'project')
    const store = await TrustStore.open(state())
    expect(store.notice).toBeNull()
    expect(await store.isTrusted(project)).toBe(false)
    await store.trust(project)
    symlinkSync(project, join(folder.path, 'link'))
    const again = await TrustStore.open(state())
    expect(await again.isTrusted(`${project}/`)).toBe(true)
    expect(await again.isTrusted(join(folder.path, 'link'))).toBe(true)
    expect(await again.isTrusted(join(project, 'below'))).toBe(false)
    expect(statSync(join(state(), 'trust.json')).mode & 0o777).toBe(0o600)
  })

  test('remembers the ten folders opened last, newest first, each once', async () => {
    const store = await TrustStore.open(state())
    for (let number = 1; number <= 12; number++) await store.remember(`/projects/${number}`)
    await store.remember('/projects/5')
    const expected = [5, 12, 11, 10, 9, 8, 7, 6, 4, 3].map((number) => `/projects/${number}`)
    expect(store.recent()).toEqual(expected)
    expect((await TrustStore.open(state())).recent()).toEqual(expected)
  })

  test('keeps every change when several are made at once', async () => {
    const store = await TrustStore.open(state())
    await Promise.all(Array.from({ length: 20 }, (_, number) => store.trust(`/projects/${number}`)))
    expect(JSON.parse(readFileSync(join(state(), 'trust.json'), 'utf8')).trusted).toHaveLength(20)
    expect(readdirSync(state())).toEqual(['trust.json'])
  })

  test.each(['{ half', '{"trusted": "all", "recent": []}', ''])(
    'starts empty over %j and keeps it aside',
    async (text) => {
      folder.write('state/trust.json', text)
      const store = await TrustStore.open(state())
      expect(store.recent()).toEqual([])
      expect(store.notice).toContain('is kept as')
      const [aside] = readdirSync(state())
      expect(aside).toMatch(/^trust\.json\.damaged-/)
      expect(readFileSync(join(state(), String(aside)), 'utf8')).toBe(text)
      expect((await TrustStore.open(state())).notice).toBeNull()
    },
  )
})
