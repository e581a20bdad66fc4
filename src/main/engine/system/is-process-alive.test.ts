import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { assertDefined } from '../../../shared/assert.ts'
import { isProcessAlive } from './is-process-alive.ts'

describe('a process number', () => {
  it('lives until its process has ended', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    const pid = assertDefined(child.pid, 'the child runs')
    expect(isProcessAlive(pid)).toBe(true)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(isProcessAlive(pid)).toBe(false)
  })

  it('lives when it belongs to somebody else', () => {
    expect(isProcessAlive(1)).toBe(true)
  })

  it.each([0, -1, 1.5, Number.NaN])('%d is none', (pid) => {
    expect(isProcessAlive(pid)).toBe(false)
  })
})
