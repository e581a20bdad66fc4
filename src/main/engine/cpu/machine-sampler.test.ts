import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createMachineSampler, parseProcStat } from './machine-sampler.ts'

describe('/proc/stat', () => {
  it('counts steal and interrupts as busy, waiting for disks as idle, and guests once', () => {
    const text =
      'cpu  9 9 9 9 9 9 9 9 9 9\ncpu0 100 20 30 400 50 6 7 8 90 10\ncpu12 1 0 0 2 0 0 0 0 0 0\nintr 5 0 cpu1\nctxt 7\n'
    expect(parseProcStat(text)).toEqual([
      { cpu: 0, busy: (100 + 20 + 30 + 6 + 7 + 8) * 10_000, idle: 450 * 10_000 },
      { cpu: 12, busy: 10_000, idle: 20_000 },
    ])
  })

  it('of an old kernel lacks columns, which count as nothing', () => {
    expect(parseProcStat('cpu0 1 2 3 4\nintr 1\n')).toEqual([{ cpu: 0, busy: 60_000, idle: 40_000 }])
  })
})

describe('sampling a made-up Linux machine', () => {
  it('with 256 CPUs and long interrupt counts lists every CPU', () => {
    const lines = Array.from({ length: 256 }, (_, cpu) => `cpu${cpu} ${1e9 + cpu} 0 ${1e9} ${1e10} 5 0 ${1e6} 0 0 0\n`)
    const folder = mkdtempSync(join(tmpdir(), 'guardhouse-procfs-'))
    const file = join(folder, 'stat')
    writeFileSync(file, `cpu  1 2 3 4\n${lines.join('')}intr ${'12345 '.repeat(20_000)}\nctxt 1\n`)
    try {
      using sampler = createMachineSampler('linux', file)
      expect(sampler.name).toBe('/proc/stat')
      expect(sampler.sample().map((times) => times.cpu)).toEqual(lines.map((_, cpu) => cpu))
      expect(sampler.sample().at(-1)?.busy).toBe((1e9 + 255 + 1e9 + 1e6) * 10_000)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('that hides its times is sampled as Node sees it', () => {
    using sampler = createMachineSampler('linux', '/nowhere/stat')
    expect(sampler.name).toBe('os.cpus()')
  })
})

describe.each([process.platform, 'darwin'] as const)('sampling this machine as %s', (platform) => {
  it('lists every CPU, with times that never stand still for ever', () => {
    using sampler = createMachineSampler(platform)
    const first = sampler.sample()
    expect(first.map((times) => times.cpu)).toEqual(cpus().map((_, cpu) => cpu))
    const total = (readings: typeof first) => readings.reduce((sum, times) => sum + times.busy + times.idle, 0)
    let later = sampler.sample()
    while (total(later) <= total(first)) later = sampler.sample()
    expect(later).toHaveLength(first.length)
  })
})
