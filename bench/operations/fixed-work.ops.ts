import { taskTokenGuard } from 'guardhouse'
import { fixedWork as work } from './fixed-work.ts'

/**
 * The same amount of integer arithmetic at every call; gives back its checksum. Wrapped as it is: after some 300 calls V8 compiles
 * an arrow around it with the loop inlined, and such a loop stays in the middle tier, six times slower, in plain threads too.
 */
export const fixedWork = taskTokenGuard({ operationType: 'bench.fixedWork' })(work)
