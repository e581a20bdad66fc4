import { taskTokenGuard } from 'guardhouse'
import { fixedWork as work } from './fixed-work.ts'

/** The same amount of integer arithmetic at every call; gives back its checksum. */
export const fixedWork = taskTokenGuard({ operationType: 'bench.fixedWork' })((seed: number) => work(seed))
