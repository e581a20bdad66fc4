import { randomUUID } from 'node:crypto'
import { mkdir, readFile, realpath, rename, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'

const trustFile = z.object({ trusted: z.array(z.string()), recent: z.array(z.string()) })
type TrustFile = z.infer<typeof trustFile>

/** Folders offered for opening again. */
const maxRecent = 10

/**
 * Which folders a person has said their code may run, and which were opened last: `trust.json` in the state directory.
 * Trust is for one folder by its resolved path, not for what lies below it.
 */
export class TrustStore {
  readonly #path: string
  #content: TrustFile
  #saving: Promise<void> = Promise.resolve()
  /** What was wrong with the file when it was opened, for the person; null when nothing was. */
  readonly notice: string | null

  private constructor(path: string, content: TrustFile, notice: string | null) {
    this.#path = path
    this.#content = content
    this.notice = notice
  }

  /** Opens the store; without a file it starts empty. A damaged file is kept aside and the store starts empty, with a notice. */
  static async open(stateDirectory: string): Promise<TrustStore> {
    await mkdir(stateDirectory, { recursive: true, mode: 0o700 })
    const path = join(stateDirectory, 'trust.json')
    const text = await readIfThere(path)
    if (text === null) return new TrustStore(path, { trusted: [], recent: [] }, null)
    const content = parseTrustFile(text)
    if (content !== null) return new TrustStore(path, content, null)
    const aside = `${path}.damaged-${randomUUID().slice(0, 8)}`
    await rename(path, aside)
    const notice = `The list of trusted folders was damaged and is kept as ${aside}; folders ask for trust again.`
    return new TrustStore(path, { trusted: [], recent: [] }, notice)
  }

  async isTrusted(path: string): Promise<boolean> {
    return this.#content.trusted.includes(await canonical(path))
  }

  /** Resolves when it is on disk. */
  async trust(path: string): Promise<void> {
    const folder = await canonical(path)
    await this.#change(({ trusted, recent }) => ({ trusted: [...new Set([...trusted, folder])], recent }))
  }

  /** Paths opened last, newest first. */
  recent(): readonly string[] {
    return this.#content.recent
  }

  /** Puts the folder first among the recent ones. Resolves when it is on disk. */
  async remember(path: string): Promise<void> {
    const folder = await canonical(path)
    await this.#change(({ trusted, recent }) => {
      return { trusted, recent: [...new Set([folder, ...recent])].slice(0, maxRecent) }
    })
  }

  /** One write after the other, each of them whole: a reader sees the old file or the new one. */
  #change(change: (content: TrustFile) => TrustFile): Promise<void> {
    this.#content = change(this.#content)
    const save = () => writeWhole(this.#path, `${JSON.stringify(this.#content, null, 2)}\n`)
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

function parseTrustFile(text: string): TrustFile | null {
  try {
    return trustFile.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** The path with links resolved; of a folder that is not there, the absolute path. */
async function canonical(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch {
    return resolve(path)
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID().slice(0, 8)}.draft`
  await writeFile(draft, text, { mode: 0o600, flag: 'wx' })
  await rename(draft, path)
}
