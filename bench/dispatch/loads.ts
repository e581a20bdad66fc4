import type { Pool } from '../pools/pool.ts'

export type LoadName = 'one' | 'lanes' | 'queued'

export interface Load {
  readonly title: string
  /** How many times the fastest peer Guardhouse is to reach. */
  readonly target: number
  /** Keeps the pool loaded for that long, to the end of the last task. Throws when a task gives back another number than its own. */
  readonly drive: (pool: Pool, milliseconds: number) => Promise<Driven>
}

export interface Driven {
  readonly tasks: number
  readonly milliseconds: number
}

const queuedTasks = 10_000

export const loads: Readonly<Record<LoadName, Load>> = {
  one: { title: '1 in flight', target: 2, drive: (pool, milliseconds) => driveLanes(pool, 1, milliseconds) },
  lanes: { title: '64 in flight', target: 3, drive: (pool, milliseconds) => driveLanes(pool, 64, milliseconds) },
  queued: { title: '10,000 queued', target: 8, drive: driveBursts },
}

export const loadNames = Object.keys(loads) as LoadName[]

/** Each lane submits its next task when its last one has come back. */
async function driveLanes(pool: Pool, lanes: number, milliseconds: number): Promise<Driven> {
  const from = performance.now()
  const until = from + milliseconds
  let tasks = 0
  const lane = async () => {
    while (performance.now() < until) {
      tasks += 1
      const own = tasks
      checkAnswer(await pool.run(own), own)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return { tasks, milliseconds: performance.now() - from }
}

/** All 10,000 in one turn of the event loop, then all awaited; again until the time is over. */
async function driveBursts(pool: Pool, milliseconds: number): Promise<Driven> {
  const from = performance.now()
  let tasks = 0
  do {
    const pending: PromiseLike<unknown>[] = []
    for (let task = 0; task < queuedTasks; task++) pending.push(pool.run(task))
    const answers = await Promise.all(pending)
    for (let task = 0; task < queuedTasks; task++) checkAnswer(answers[task], task)
    tasks += queuedTasks
  } while (performance.now() - from < milliseconds)
  return { tasks, milliseconds: performance.now() - from }
}

function checkAnswer(answer: unknown, own: number): void {
  if (answer !== own) throw new Error(`task ${own} was answered ${String(answer)}`)
}
