import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { PersistedJson } from './persisted-json.ts'

const schema = z.strictObject({ count: z.number() })
const fallback = { count: 0 }
let directory: string
let file: string
let complaints: string[]

beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'guardhouse-persisted-'))
  file = path.join(directory, 'inside', 'state.json')
  complaints = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => complaints.push(String(text)) > 0)
})

afterEach(async () => {
  vi.restoreAllMocks()
  await rm(directory, { recursive: true })
})

describe('persisted JSON', () => {
  it('starts with the fallback, without a complaint, when there is no file', () => {
    expect(new PersistedJson(file, schema, fallback).value).toEqual(fallback)
    expect(complaints).toEqual([])
  })

  it('gives the newest value back after a restart and leaves no other file behind', async () => {
    {
      await using state = new PersistedJson(file, schema, fallback)
      for (let count = 1; count <= 50; count++) state.set({ count })
    }
    expect(new PersistedJson(file, schema, fallback).value).toEqual({ count: 50 })
    expect(await readdir(path.dirname(file))).toEqual(['state.json'])
  })

  it.each(['', '{', '[]', '{"count":"many"}', '{"count":1,"more":2}'])(
    'falls back from a file that says %j',
    async (text) => {
      const broken = path.join(directory, 'broken.json')
      await writeFile(broken, text)
      expect(new PersistedJson(broken, schema, fallback).value).toEqual(fallback)
      expect(complaints).toHaveLength(1)
      expect(complaints[0]).toContain(broken)
    },
  )

  it('says so and goes on when the file cannot be written', async () => {
    await writeFile(path.join(directory, 'inside'), 'a file where the folder should be')
    {
      await using state = new PersistedJson(file, schema, fallback)
      state.set({ count: 1 })
      expect(state.value).toEqual({ count: 1 })
    }
    expect(complaints.join('')).toContain('cannot save')
    expect(await readFile(path.join(directory, 'inside'), 'utf8')).toContain('a file')
  })
})
