import { appendFileSync } from 'node:fs'
import { taskTokenGuard } from 'guardhouse'

/** Operations that leave a line in a file each time they run, so that a test can count their runs after any crash. */

function leaveLine(file: string, key: string): string {
  appendFileSync(file, `${key}\n`)
  return key
}

export const once = taskTokenGuard({ operationType: 'crash.once' })(leaveLine)

export const repeatable = taskTokenGuard({ operationType: 'crash.repeatable', tags: { idempotent: true } })(leaveLine)

/** Leaves its line and then takes its time: the crash often meets it in the middle. */
export const slowly = taskTokenGuard({ operationType: 'crash.slowly' })(async (file: string, key: string) => {
  leaveLine(file, key)
  await new Promise((resolve) => setTimeout(resolve, 20))
  return key
})

/** For a lane: the tuple says what line to leave where. */
export const tuple = taskTokenGuard({ operationType: 'crash.tuple' })(
  async ({ file, n }: { file: string; n: number }) => {
    leaveLine(file, String(n))
    await new Promise((resolve) => setTimeout(resolve, 50))
  },
)
