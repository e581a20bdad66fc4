import { join } from 'node:path'

const projectRoot = join(import.meta.dirname, '..', '..', '..', '..')

/** Snapshots and recorded results of the reference engine. They are not part of the project. */
export const referenceFolder =
  process.env.GUARDHOUSE_REFERENCE_FIXTURES ?? join(projectRoot, '..', 'shared', 'fixtures', 'pgs')
