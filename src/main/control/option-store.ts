import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { checkOption, type OptionValue } from '../engine/scheduler/option-definition.ts'
import { isOptionName, optionDefinitions } from '../engine/scheduler/options.ts'

const optionsFile = z.object({ options: z.record(z.string(), z.unknown()) })
type Options = Readonly<Record<string, OptionValue>>

/** The options that a person chose, for the next start: `options.json` in the state directory. */
export class OptionStore {
  readonly #path: string
  /** What was kept and still holds. */
  readonly kept: Options
  /** What was wrong with the file, for the person; empty when nothing was. */
  readonly notices: readonly string[]
  #saving: Promise<void> = Promise.resolve()

  private constructor(path: string, kept: Options, notices: readonly string[]) {
    this.#path = path
    this.kept = kept
    this.notices = notices
  }

  /** What cannot be used is left out with a notice: a wrong option must not keep the host from starting. */
  static async open(stateDirectory: string): Promise<OptionStore> {
    await mkdir(stateDirectory, { recursive: true, mode: 0o700 })
    const path = join(stateDirectory, 'options.json')
    const text = await readIfThere(path)
    if (text === null) return new OptionStore(path, {}, [])
    const content = parse(text)
    if (content === null) return new OptionStore(path, {}, [await setAside(path)])
    const kept: Record<string, OptionValue> = {}
    const notices: string[] = []
    for (const [name, value] of Object.entries(content)) {
      try {
        if (!isOptionName(name)) throw new Error(`there is no option ${name}`)
        kept[name] = checkOption(name, optionDefinitions[name], value)
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        notices.push(`A kept option is left out: ${why}. Its default holds; see ${path}.`)
      }
    }
    return new OptionStore(path, kept, notices)
  }

  /** Resolves when they are on disk: the old file or the new one, never half of it. */
  save(options: Options): Promise<void> {
    const save = () => writeWhole(this.#path, `${JSON.stringify({ options }, null, 2)}\n`)
    this.#saving = this.#saving.then(save, save)
    return this.#saving
  }
}

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    return optionsFile.parse(JSON.parse(text)).options
  } catch {
    return null
  }
}

async function setAside(path: string): Promise<string> {
  const aside = `${path}.damaged-${randomUUID().slice(0, 8)}`
  await rename(path, aside)
  return `The kept options were damaged and are kept as ${aside}; every option has its default.`
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID().slice(0, 8)}.draft`
  await writeFile(draft, text, { mode: 0o600, flag: 'wx' })
  await rename(draft, path)
}
