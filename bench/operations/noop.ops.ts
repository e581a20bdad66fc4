import { taskTokenGuard } from 'guardhouse'

/** Does nothing and gives back what it got, so that whoever asked can tell that this very call was run. */
export const noop = taskTokenGuard({ operationType: 'bench.noop' })((value: number) => value)
