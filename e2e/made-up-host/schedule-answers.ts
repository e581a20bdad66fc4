import { checkCron, nextRuns } from '../../src/main/control/schedules/schedule.ts'
import { ScheduleBook } from '../../src/main/control/schedules/schedule-book.ts'
import { toErrorData } from '../../src/shared/errors.ts'
import type { CommandAnswers } from './command-answers.ts'
import type { Answers } from './made-up-host.ts'
import type { MadeUpOperation } from './made-up-operation.ts'

type Names = Extract<keyof Answers, `schedules.${string}`>

/** The real book, whose runs make nothing. */
export function scheduleAnswers(
  operations: readonly MadeUpOperation[],
  commands: CommandAnswers,
): Pick<Answers, Names> {
  const book = new ScheduleBook({
    store: null,
    submit: () => 'scheduled',
    canRun: () => true,
    wallNow: Date.now,
    onProblem: () => undefined,
  })
  for (const { entry } of operations.slice(2, 3)) {
    const { operation } = entry
    book.create({ operation, arguments: ['nightly'], cron: '30 2 * * *', timezone: null, missed: 'once' }, 'Ada')
  }
  const record = (action: string, target: string, reason: string) => commands.record(action, target, reason, 'done')
  return {
    'schedules.list': () => ({ schedules: book.list(), now: Date.now() }),
    'schedules.preview': ({ cron, timezone }) => {
      try {
        checkCron(cron, timezone)
        return { nextRuns: nextRuns(cron, timezone, Date.now(), 5), problem: null }
      } catch (error) {
        return { nextRuns: [], problem: toErrorData(error).message }
      }
    },
    'schedules.create': ({ reason, ...asked }) => ({
      schedule: book.describe(book.create(asked, 'Ada')),
      auditId: record('create schedule', asked.operation, reason),
    }),
    'schedules.pause': ({ id, reason }) => ({
      schedule: book.describe(book.setPaused(id, true)),
      auditId: record('pause schedule', id, reason),
    }),
    'schedules.resume': ({ id, reason }) => ({
      schedule: book.describe(book.setPaused(id, false)),
      auditId: record('resume schedule', id, reason),
    }),
    'schedules.runNow': ({ id, reason }) => ({ token: book.runNow(id), auditId: record('run schedule', id, reason) }),
    'schedules.delete': ({ id, reason }) => {
      book.delete(id)
      return { id, auditId: record('delete schedule', id, reason) }
    },
  }
}
