import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { assertDefined } from '../../../shared/assert.ts'
import { readThreadId } from './libc.ts'
import { createThreadSampler, parseThreadStat } from './thread-sampler.ts'

function parse(line: string): ReturnType<typeof parseThreadStat> {
  const bytes = Buffer.from(line)
  return parseThreadStat(bytes, bytes.length)
}

const fieldsAfterName = Array.from({ length: 50 }, (_, index) => String(index + 3))
const line = `77 (node) ${fieldsAfterName.join(' ')}\n`

describe('a line of /proc/self/task/TID/stat', () => {
  it('gives field 39, and fields 14 and 15 together', () => {
    expect(parse(line)).toEqual({ lastCpu: 39, ticks: 14 + 15 })
  })

  it('is read past negative numbers', () => {
    expect(parse(line.replace(' 8 ', ' -1 '))).toEqual({ lastCpu: 39, ticks: 29 })
  })

  it.each(['(a b) R 1 2', 'a) 9 9 9', ') ) )', ''])('is read past the thread name %j', (name) => {
    expect(parse(line.replace('node', name))).toEqual({ lastCpu: 39, ticks: 29 })
  })

  it.each(['', '77 (node', '77 (node) R 1 2 3\n'])('that is cut off as %j is refused', (text) => {
    expect(parse(text)).toBeNull()
  })

  it('ignores what an earlier, longer line left behind it in the buffer', () => {
    const bytes = Buffer.from(line)
    expect(parseThreadStat(bytes, line.indexOf(' 20 '))).toBeNull()
  })
})

describe.runIf(process.platform === 'linux')('sampling threads on this Linux', () => {
  const ownThread = assertDefined(readThreadId(), 'procfs is mounted on a machine that runs these tests')

  it('sees this thread, and its time grow', () => {
    using sampler = createThreadSampler()
    sampler.watch(ownThread)
    const [before] = sampler.sample()
    let after = before
    while ((after?.cpuTime ?? 0) <= (before?.cpuTime ?? 0)) [after] = sampler.sample()
    expect(after).toMatchObject({ threadId: ownThread, lastCpu: expect.any(Number) })
    expect(sampler.supported).toBe(true)
    expect(sampler.resolution).toBeGreaterThan(0)
  })

  it('answers for a thread that is not there as for one that has ended', () => {
    using sampler = createThreadSampler()
    sampler.watch(2 ** 30)
    expect(sampler.sample()).toEqual([{ threadId: 2 ** 30, lastCpu: null, cpuTime: 0 }])
  })

  it('watches a thread once, and no longer after it is forgotten', () => {
    using sampler = createThreadSampler()
    sampler.watch(ownThread)
    sampler.watch(ownThread)
    expect(sampler.sample()).toHaveLength(1)
    sampler.forget(ownThread)
    sampler.forget(ownThread)
    expect(sampler.sample()).toEqual([])
  })

  it('closes every file it opened', () => {
    const openFiles = () => readdirSync('/proc/self/fd').length
    const before = openFiles()
    const sampler = createThreadSampler()
    for (const name of readdirSync('/proc/self/task')) sampler.watch(Number(name))
    expect(openFiles()).toBeGreaterThan(before)
    sampler[Symbol.dispose]()
    expect(openFiles()).toBe(before)
  })
})

describe('sampling threads of a made-up process', () => {
  /** A folder as procfs shows a process with thread 7. */
  function makeProcess(files: Readonly<Record<string, string>>): { folder: string } & Disposable {
    const folder = mkdtempSync(join(tmpdir(), 'guardhouse-procfs-'))
    mkdirSync(join(folder, 'task/7'), { recursive: true })
    for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text)
    return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
  }

  it('takes CPU time in nanoseconds where the kernel keeps it', () => {
    using made = makeProcess({ schedstat: '5 0 1\n', 'task/7/stat': line, 'task/7/schedstat': '1234567 99 3\n' })
    using sampler = createThreadSampler('linux', made.folder)
    sampler.watch(7)
    expect(sampler.resolution).toBe(0.001)
    expect(sampler.sample()).toEqual([{ threadId: 7, lastCpu: 39, cpuTime: 1234.567 }])
  })

  it.each([{}, { schedstat: '0 0 0\n', 'task/7/schedstat': '0 0 0\n' }])(
    'takes it in clock ticks where the kernel keeps no more than %j',
    (files) => {
      using made = makeProcess({ 'task/7/stat': line, ...files })
      using sampler = createThreadSampler('linux', made.folder)
      sampler.watch(7)
      expect(sampler.resolution).toBe(10_000)
      expect(sampler.sample()).toEqual([{ threadId: 7, lastCpu: 39, cpuTime: 290_000 }])
    },
  )

  it('follows an id that was given to another thread when it is watched again', () => {
    using made = makeProcess({ 'task/7/stat': line })
    using sampler = createThreadSampler('linux', made.folder)
    sampler.watch(7)
    rmSync(join(made.folder, 'task/7/stat'))
    writeFileSync(join(made.folder, 'task/7/stat'), line.replace(' 39 ', ' 2 '))
    expect(sampler.sample()).toMatchObject([{ lastCpu: 39 }])
    sampler.watch(7)
    expect(sampler.sample()).toMatchObject([{ lastCpu: 2 }])
  })
})

describe('sampling threads where the system does not tell', () => {
  it('gives a reading without a CPU for each watched thread', () => {
    using sampler = createThreadSampler('darwin')
    sampler.watch(5)
    sampler.watch(6)
    sampler.forget(5)
    expect(sampler).toMatchObject({ supported: false, resolution: 0 })
    expect(sampler.sample()).toEqual([{ threadId: 6, lastCpu: null, cpuTime: 0 }])
  })
})
