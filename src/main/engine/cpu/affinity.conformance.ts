import { describe, expect, it } from 'vitest'
import type { ThreadAffinity } from './thread-affinity.ts'

/** One implementation, with a machine to try it on. */
export interface AffinityUnderTest {
  readonly affinity: ThreadAffinity
  /** CPUs the calling thread can be bound to; empty where binding is not supported. */
  readonly cpus: readonly number[]
  /** A CPU number in range that the machine does not have. */
  readonly absentCpu: number
  /** Whether the system can let a woken thread wait for its turn. */
  readonly waitsForTurn: boolean
}

/** What every ThreadAffinity must do. It leaves the calling thread bound. */
export function describeThreadAffinity(name: string, create: () => AffinityUnderTest): void {
  describe(`thread affinity: ${name}`, () => {
    const { affinity, cpus, absentCpu, waitsForTurn } = create()
    const impossible = [absentCpu, -1, 1.5, Number.NaN, 1e9]

    it('has a name', () => {
      expect(affinity.name).not.toBe('')
    })

    it('knows the thread by the same id every time, or not at all', () => {
      const id = affinity.threadId()
      expect(id === null || (Number.isInteger(id) && id > 0)).toBe(true)
      expect(affinity.threadId()).toBe(id)
    })

    it('lets the thread wait for its turn, or says that it cannot', () => {
      expect(affinity.waitForTurn()).toBe(waitsForTurn)
    })

    if (affinity.supported) {
      it('reads a mask before anything is bound', () => {
        expect(affinity.readMask()).toEqual(expect.arrayContaining([affinity.currentCpu()]))
      })

      it.each([...cpus])('binds to CPU %i, and the kernel confirms it', (cpu) => {
        expect(affinity.bind(cpu)).toEqual({
          asked: cpu,
          confirmed: [cpu],
          threadId: affinity.threadId(),
          problem: null,
        })
        expect(affinity.readMask()).toEqual([cpu])
        expect(affinity.currentCpu()).toBe(cpu)
      })

      it.each(impossible)('answers CPU %d with a problem, and leaves the thread where it was', (cpu) => {
        const before = affinity.readMask()
        const binding = affinity.bind(cpu)
        expect(binding).toMatchObject({ asked: cpu, confirmed: before, threadId: affinity.threadId() })
        expect(binding.problem).toContain(String(cpu))
      })
    } else {
      it.each([0, ...impossible])('answers CPU %d with a problem, and claims nothing', (cpu) => {
        const binding = affinity.bind(cpu)
        expect(binding).toEqual({
          asked: cpu,
          confirmed: null,
          threadId: affinity.threadId(),
          problem: expect.any(String),
        })
        expect(binding.problem).toMatch(/not supported here: .+\.$/)
      })

      it('knows no mask and no CPU', () => {
        expect(affinity.readMask()).toBeNull()
        expect(affinity.currentCpu()).toBeNull()
      })
    }
  })
}
