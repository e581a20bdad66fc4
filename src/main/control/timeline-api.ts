import type { timelineProcedures } from '../../shared/contract/timeline.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import type { HostScheduler } from './engine-surface.ts'
import type { HostApi } from './host-api.ts'

export function createTimelineApi({
  scheduler,
}: {
  readonly scheduler: HostScheduler
}): Pick<HostApi, keyof typeof timelineProcedures> {
  return {
    'timeline.read': ({ to, span, columns }) => scheduler.timeline.read(to, span, columns),
    'timeline.summary': ({ from, to }) => {
      checkSpan(from, to)
      return scheduler.timeline.summary(from, to)
    },
    'timeline.runs': ({ from, to, limit }) => {
      checkSpan(from, to)
      return scheduler.timeline.runs(from, to, limit)
    },
  }
}

function checkSpan(from: number, to: number): void {
  if (from < to) return
  throw new GuardhouseError('bad-request', `the span of time from ${from} to ${to} is empty`, {
    hint: 'Give "from" before "to", both in microseconds since the engine started.',
  })
}
