import { beforeEach, describe, expect, it, vi } from 'vitest'
import { loadPage } from './load-page.ts'

let complaints: string[]

beforeEach(() => {
  complaints = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => complaints.push(String(text)) > 0)
  return () => vi.restoreAllMocks()
})

async function complaintsAbout(code: string, destroyed = false): Promise<readonly string[]> {
  const failed = Promise.reject(Object.assign(new Error(`${code} loading the page`), { code }))
  loadPage({ loadURL: () => failed, isDestroyed: () => destroyed }, 'app://guardhouse/index.html')
  await failed.catch(() => undefined)
  return complaints
}

describe('loading the page', () => {
  it('says when it fails', async () => {
    expect(await complaintsAbout('ERR_FILE_NOT_FOUND')).toEqual([expect.stringContaining('ERR_FILE_NOT_FOUND')])
  })

  it('has nothing to say when a reload or the end of the window cuts it off', async () => {
    expect(await complaintsAbout('ERR_ABORTED')).toEqual([])
    expect(await complaintsAbout('ERR_FAILED', true)).toEqual([])
  })
})
