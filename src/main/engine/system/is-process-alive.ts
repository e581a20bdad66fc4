import { codeOf } from './error-code.ts'

/** Whether a process of this number runs on this machine, whoever owns it. */
export function isProcessAlive(pid: number): boolean {
  // 0 and negative numbers would mean whole groups of processes.
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // EPERM: it is there, and belongs to somebody else.
    return codeOf(error) === 'EPERM'
  }
}
