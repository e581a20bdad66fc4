import { createHash } from 'node:crypto'
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { taskTokenGuard } from 'guardhouse'

// Operations that wait for the disk: at most 25 of them at once, and who waits for its turn keeps no worker. Each works in a temporary folder of its own and removes it.

/** Writes records as JSON, reads them back and adds up their numbers. */
export const json = taskTokenGuard({
  operationType: 'files.json',
  tags: { weight: 'light', storageSpeed: 'MODERATE' },
})((records: number) =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, 'records.json')
    const written = Array.from({ length: records }, (_, id) => ({ id, name: `record ${id}` }))
    await writeFile(file, JSON.stringify(written))
    const read: { id: number }[] = JSON.parse(await readFile(file, 'utf8'))
    return { records: read.length, sum: read.reduce((sum, record) => sum + record.id, 0) }
  }),
)

/** Appends lines to a log one by one and counts what arrived. */
export const appendLog = taskTokenGuard({
  operationType: 'files.appendLog',
  tags: { weight: 'heavy', storageSpeed: 'MODERATE' },
})((lines: number) =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, 'sample.log')
    for (let line = 1; line <= lines; line++) await appendFile(file, `line ${line}\n`)
    return (await readFile(file, 'utf8')).split('\n').length - 1
  }),
)

/** Writes bytes in which byte n is n mod 256, reads them back and gives their SHA-256. */
export const blob = taskTokenGuard({
  operationType: 'files.blob',
  tags: { weight: 'medium', storageSpeed: 'MODERATE' },
})((bytes: number) =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, 'blob')
    await writeFile(
      file,
      Uint8Array.from({ length: bytes }, (_, index) => index % 256),
    )
    const digest = createHash('sha256').update(await readFile(file))
    return digest.digest('hex')
  }),
)

async function inTemporaryFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'guardhouse-sample-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
