import { describe, expect, it } from 'vitest'
import { openExternal } from './open-external.ts'

async function opened(url: string): Promise<readonly string[]> {
  const urls: string[] = []
  const answer = await openExternal({ openExternal: async (target) => void urls.push(target) }, url)
  expect(answer).toBe(urls.length > 0)
  return urls
}

describe('open external', () => {
  it('hands an allowed https address to the system', async () => {
    expect(await opened('https://nodejs.org/api/worker_threads.html')).toEqual([
      'https://nodejs.org/api/worker_threads.html',
    ])
  })

  it.each([
    'http://nodejs.org/',
    'https://nodejs.org.example.com/',
    'https://example.com/https://nodejs.org/',
    'https://nodejs.org@example.com/',
    'https://person:secret@nodejs.org/',
    'https://nodejs.org:8443/',
    'file:///bin/sh',
    'smb://nodejs.org/share',
    'javascript:alert(1)',
    'ms-settings:',
    '',
  ])('leaves %s alone', async (url) => {
    expect(await opened(url)).toEqual([])
  })
})
