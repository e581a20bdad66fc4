import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { taskTokenGuard } from 'guardhouse'

// The operations of words.workflow.yaml: real files are read side by side, and what comes out is known beforehand.

const here = fileURLToPath(new URL('.', import.meta.url))

interface Words {
  readonly file: string
  readonly words: number
  readonly longest: string
}

interface Letters {
  readonly file: string
  readonly letters: Readonly<Record<string, number>>
}

/** The text files of a folder, by name. */
export const list = taskTokenGuard({ operationType: 'words.list', tags: { weight: 'light' } })(
  async (folder: string) => {
    const names = await readdir(join(here, folder))
    const files = names.filter((name) => name.endsWith('.txt')).sort()
    return { kind: files.length === 0 ? 'empty' : 'success', files: files.map((name) => `${folder}/${name}`) }
  },
)

/** Counts the words of one file. */
export const count = taskTokenGuard({ operationType: 'words.count', tags: { weight: 'light' } })(
  async (file: string): Promise<Words> => {
    const words = (await readFile(join(here, file), 'utf8')).match(/[A-Za-z]+/g) ?? []
    const longest = words.reduce((best, word) => (word.length > best.length ? word : best), '')
    return { file, words: words.length, longest }
  },
)

/** Counts the letters of one file. */
export const letters = taskTokenGuard({ operationType: 'words.letters', tags: { weight: 'light' } })(
  async (file: string): Promise<Letters> => {
    const counted: Record<string, number> = {}
    for (const letter of (await readFile(join(here, file), 'utf8')).toLowerCase().match(/[a-z]/g) ?? []) {
      counted[letter] = (counted[letter] ?? 0) + 1
    }
    return { file, letters: counted }
  },
)

/** Puts the counts of all files together. */
export const merge = taskTokenGuard({ operationType: 'words.merge', tags: { weight: 'light' } })(
  (words: readonly Words[], counted: readonly Letters[]) => {
    const sums: Record<string, number> = {}
    for (const { letters: ofFile } of counted) {
      for (const [letter, times] of Object.entries(ofFile)) sums[letter] = (sums[letter] ?? 0) + times
    }
    const [commonest] = Object.entries(sums).sort((a, b) => b[1] - a[1])[0] ?? ['']
    const total = words.reduce((sum, each) => sum + each.words, 0)
    const longest = words.reduce((best, each) => (each.longest.length > best.length ? each.longest : best), '')
    return { files: words.length, words: total, longest, commonest }
  },
)

/** Compares what came out with what is known of the texts that ship with the sample. */
export const judge = taskTokenGuard({ operationType: 'words.judge', tags: { weight: 'light' } })(
  (merged: { files: number; words: number; longest: string; commonest: string }, expected: number) => ({
    ...merged,
    verdict: merged.words === expected ? 'right' : 'wrong',
  }),
)

/** One sentence for a person. */
export const tell = taskTokenGuard({ operationType: 'words.tell', tags: { weight: 'light' } })(
  (merged: { files: number; words: number; longest: string } | null, verdict: string) =>
    merged === null
      ? 'There are no texts in that folder.'
      : `${merged.files} texts of ${merged.words} words, the longest "${merged.longest}": ${verdict}.`,
)
