import { assertDefined } from '../../../src/shared/assert.ts'
import { readLaunch } from './launch.ts'

const [, , executable, ...args] = process.argv

/** The launch of this process. Read before `process.argv` is made to look like Electron's. */
export const launch = readLaunch(assertDefined(executable, 'the script `electron` passes its own path'), args)
