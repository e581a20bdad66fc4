import { readFileSync } from 'node:fs'
import { assertDefined } from '../../../shared/assert.ts'
import { parseCpuList } from '../cpu/index.ts'

/** CPUs on which the kernel lets a thread of this process run, by another way than the one under test. Linux only. */
export function cpusOfThread(threadId: number): number[] | null {
  const status = readFileSync(`/proc/self/task/${threadId}/status`, 'utf8')
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)
  return parseCpuList(assertDefined(list?.[1], 'the kernel lists the mask of every thread'))
}
