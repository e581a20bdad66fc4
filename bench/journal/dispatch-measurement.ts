import { answerParent } from '../child-process.ts'
import { loads } from '../dispatch/loads.ts'
import { startScheduler } from '../guardhouse.ts'
import { workerCount } from '../pools/pool.ts'
import { OtherLoad } from '../reporting/other-load.ts'
import { openJournal, temporaryFolder } from './temporary-journal.ts'

/** Entry of a measuring process: Guardhouse with its journal under bursts of 10,000, to the moment when the last end is on the disk. */

export interface JournaledMeasurement {
  readonly warmUpMs: number
  readonly measuredMs: number
}

export interface JournaledFigure {
  readonly tasksPerSecond: number
  readonly tasks: number
  readonly otherLoad: number
  readonly bytesPerToken: number
  readonly transactionsPerToken: number
}

await answerParent(measure)

async function measure({ warmUpMs, measuredMs }: JournaledMeasurement): Promise<JournaledFigure> {
  const journal = await openJournal(temporaryFolder())
  const { scheduler } = await startScheduler(workerCount, {}, journal)
  const pool = { run: (value: number) => scheduler.submit('bench.noop', [value]).outcome }
  const { drive } = loads.queued
  const warmUp = await drive(pool, warmUpMs)
  await journal.durable()
  const others = new OtherLoad()
  const before = journal.figures
  const from = performance.now()
  const { tasks } = await drive(pool, measuredMs)
  await journal.durable()
  const milliseconds = performance.now() - from
  const otherLoad = others.coresUsed()
  const { transactions, rows, fileBytes } = journal.figures
  if (rows !== warmUp.tasks + tasks) throw new Error(`${warmUp.tasks + tasks} tokens ended and the journal has ${rows}`)
  return {
    tasksPerSecond: (tasks / milliseconds) * 1000,
    tasks,
    otherLoad,
    bytesPerToken: fileBytes / rows,
    transactionsPerToken: (transactions - before.transactions) / tasks,
  }
}
