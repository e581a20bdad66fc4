import { describe, expect, it } from 'vitest'
import { GuardhouseError } from '../../../shared/errors.ts'
import { describeThreadAffinity } from './affinity.conformance.ts'
import { loadAffinity } from './affinity.ts'
import { maxCpus } from './cpu-list.ts'
import type { Libc } from './libc.ts'
import { LinuxAffinity } from './linux-affinity.ts'
import { madeUpKernel32, madeUpLibc } from './made-up-kernels.fixture.ts'
import { readTopology } from './topology.ts'
import { WindowsAffinity } from './windows-affinity.ts'

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

function failToLoad(): never {
  throw new GuardhouseError('unsupported', 'the library is for another machine')
}

// It leaves the main thread of this test process bound; no other test file runs in the same process.
if (loadAffinity().supported) {
  describeThreadAffinity(`${process.platform}, this kernel`, () => ({
    affinity: loadAffinity(),
    cpus: readTopology().cores.map((core) => core.cpu),
    absentCpu: maxCpus - 1,
    waitsForTurn: process.platform === 'linux',
  }))
}

describeThreadAffinity('Linux with 1024 CPUs', () => ({
  affinity: new LinuxAffinity(madeUpLibc(range(0, 1023))),
  cpus: [0, 7, 8, 63, 64, 255, 1023],
  absentCpu: 1024,
  waitsForTurn: true,
}))

describeThreadAffinity('Windows with one processor group', () => ({
  affinity: new WindowsAffinity(madeUpKernel32({ groups: [4] })),
  cpus: range(0, 3),
  absentCpu: 4,
  waitsForTurn: false,
}))

describeThreadAffinity('Windows with two full processor groups', () => ({
  affinity: new WindowsAffinity(madeUpKernel32({ groups: [64, 64] })),
  cpus: [0, 31, 32, 63, 64, 127],
  absentCpu: 128,
  waitsForTurn: false,
}))

describeThreadAffinity('macOS', () => ({
  affinity: loadAffinity('darwin'),
  cpus: [],
  absentCpu: 4,
  waitsForTurn: false,
}))

describeThreadAffinity('a platform nobody thought of', () => ({
  affinity: loadAffinity('aix'),
  cpus: [],
  absentCpu: 4,
  waitsForTurn: false,
}))

describeThreadAffinity('Linux whose library does not load', () => ({
  affinity: loadAffinity('linux', { libc: failToLoad, kernel32: failToLoad }),
  cpus: [],
  absentCpu: 4,
  waitsForTurn: false,
}))

describe('loading affinity', () => {
  it('says why a library did not load', () => {
    const affinity = loadAffinity('win32', { libc: failToLoad, kernel32: failToLoad })
    expect(affinity.bind(0).problem).toBe('Binding is not supported here: the library is for another machine.')
  })

  it('of another system than this fails politely', () => {
    const foreign = process.platform === 'win32' ? 'linux' : 'win32'
    expect(loadAffinity(foreign).bind(0).problem).toMatch(/affinity calls cannot be used/)
  })
})

describe('a binding', () => {
  const accepting: Libc = { ...madeUpLibc([0, 1]), setAffinity: () => 0 }

  it('is not green when the kernel accepted it but the mask reads otherwise', () => {
    const binding = new LinuxAffinity(accepting).bind(1)
    expect(binding).toMatchObject({
      confirmed: [0, 1],
      problem: "The system accepted CPU 1, but the thread's mask reads 0-1.",
    })
  })

  it('is not green when the mask cannot be read back', () => {
    const binding = new LinuxAffinity({ ...accepting, getAffinity: () => -1 }).bind(1)
    expect(binding).toMatchObject({
      confirmed: null,
      problem: "The system accepted CPU 1, but the thread's mask cannot be read back.",
    })
  })

  it.each([
    [1, 'The system does not permit this process to choose its CPUs (asked for CPU 1).'],
    [22, "CPU 1 is not there, is offline, or is outside this process' cpuset."],
    [38, 'Binding to CPU 1 failed with error number 38.'],
  ])('refused with Linux error %i is explained', (errno, problem) => {
    const refusing: Libc = { ...accepting, setAffinity: () => -1, errno: () => errno }
    expect(new LinuxAffinity(refusing).bind(1).problem).toBe(problem)
  })

  it('refused by Windows for another reason shows its error number', () => {
    const refusing = { ...madeUpKernel32({ groups: [4] }), setThreadGroupAffinity: () => 0, lastError: () => 5 }
    expect(new WindowsAffinity(refusing).bind(1).problem).toBe('Binding to CPU 1 failed with Windows error 5.')
  })
})
