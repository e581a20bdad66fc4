import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type KeptSchedule, keptSchedule } from './schedule.ts'

const schedulesFile = z.object({ schedules: z.array(keptSchedule) })

/** `schedules.json` in the state directory. */
export class ScheduleStore {
  readonly #path: string
  readonly kept: readonly KeptSchedule[]
  /** What was wrong with the file, for the person; null when nothing was. */
  readonly notice: string | null
  #saving: Promise<void> = Promise.resolve()

  private constructor(path: string, kept: readonly KeptSchedule[], notice: string | null) {
    this.#path = path
    this.kept = kept
    this.notice = notice
  }

  /** A damaged file is kept aside and the store starts empty, with a notice. */
  static async open(stateDirectory: string): Promise<ScheduleStore> {
    await mkdir(stateDirectory, { recursive: true, mode: 0o700 })
    const path = join(stateDirectory, 'schedules.json')
    const text = await readIfThere(path)
    if (text === null) return new ScheduleStore(path, [], null)
    try {
      return new ScheduleStore(path, schedulesFile.parse(JSON.parse(text)).schedules, null)
    } catch {
      const aside = `${path}.damaged-${randomUUID().slice(0, 8)}`
      await rename(path, aside)
      return new ScheduleStore(path, [], `The schedules were damaged and are kept as ${aside}; there are none now.`)
    }
  }

  /** Resolves when they are on disk: the old file or the new one, never half of it. */
  save(schedules: readonly KeptSchedule[]): Promise<void> {
    const text = `${JSON.stringify({ schedules }, null, 2)}\n`
    const save = async () => {
      const draft = `${this.#path}.${randomUUID().slice(0, 8)}.draft`
      await writeFile(draft, text, { mode: 0o600, flag: 'wx' })
      await rename(draft, this.#path)
    }
    this.#saving = this.#saving.then(save, save)
    return this.#saving
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
