import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { findGraphFiles, type GraphFile, readGraphFile, withUniqueNames } from './graph-files.ts'

interface KnownFile {
  readonly state: string
  readonly read: GraphFile
}

/** The workflows of a workspace, each read again only when its file, or the operations that there are, have changed. */
export class KnownGraphFiles {
  #known = new Map<string, KnownFile>()

  /** Every workflow below `root`, by file. Never rejects: a file that cannot be read has that as its problem. */
  async read(root: string, operations: readonly string[]): Promise<readonly GraphFile[]> {
    const known = new Map<string, KnownFile>()
    const surroundings = `${root}\n${operations.join('\n')}`
    // One after the other: thousands of files at once would exhaust descriptors.
    for (const file of await findGraphFiles(root)) {
      const state = `${await stateOf(join(root, file))}\n${surroundings}`
      const before = this.#known.get(file)
      const read = before?.state === state ? before.read : await readGraphFile(root, file, operations)
      known.set(file, { state, read })
    }
    this.#known = known
    return withUniqueNames([...known.values()].map(({ read }) => read))
  }
}

/** Tells one content of a file from the next. */
async function stateOf(path: string): Promise<string> {
  try {
    const { ino, size, mtimeNs } = await stat(path, { bigint: true })
    return `${ino} ${size} ${mtimeNs}`
  } catch {
    // Reading it says what is wrong.
    return 'unreadable'
  }
}
