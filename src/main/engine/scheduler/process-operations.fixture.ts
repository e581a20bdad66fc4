import { appendFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'
import { context, RetryableError, type TaskToken, taskTokenGuard } from 'guardhouse'

/** Operations that tests run in child processes. There is no board there: they leave their marks in files. */

const declare = (operationType: string) => taskTokenGuard({ operationType })

declare('process.where')(() => ({
  pid: process.pid,
  parent: process.ppid,
  mainThread: isMainThread,
  context: { token: context().token, attempt: context().attempt },
}))

declare('process.echo')((value: unknown) => value)

type Ending = 'type-error' | 'function' | 'exit' | 'abort' | 'retryable' | 'hang' | 'return'

for (const name of ['process.mark', 'process.again']) declare(name)(mark)

/** Leaves a line in the file for every run, then ends as asked. */
function mark(file: string, ending: Ending) {
  const { attempt } = context()
  appendFileSync(file, `${attempt}\n`)
  if (ending === 'type-error') (undefined as unknown as { nothing(): void }).nothing()
  if (ending === 'function') return () => 1
  if (ending === 'exit') process.exit(7)
  if (ending === 'abort') process.abort()
  if (ending === 'retryable' && attempt === 1) throw new RetryableError('not yet')
  // The first attempt stays until somebody ends it.
  if (ending === 'hang' && attempt === 1) for (;;);
  return attempt
}

declare('process.talk')(() => {
  // biome-ignore lint/suspicious/noConsole: that an operation's console is its log is what is tested.
  console.log('a line')
  context().log.warn('another', 2)
  context().progress(1, 'done')
})

/** Never yields, and obeys. */
declare('process.obey')((file: string) => {
  const { signal } = context()
  appendFileSync(file, 'in\n')
  while (!signal.aborted);
  appendFileSync(file, 'out\n')
})

/** Never yields, and never looks up. */
declare('process.spin')((file: string) => {
  appendFileSync(file, 'in\n')
  for (;;);
})

/** Yields, and hears its signal. */
declare('process.listen')(async (file: string) => {
  appendFileSync(file, 'in\n')
  await new Promise((resolve) => context().signal.addEventListener('abort', resolve, { once: true }))
  appendFileSync(file, 'out\n')
})

/** Counts itself and those below it. */
const sum: (depth: number) => TaskToken<number> = declare('process.sum')(
  async (depth: number): Promise<number> => (depth === 0 ? 1 : 1 + (await sum(depth - 1))),
)
