import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { GraphProblem, SealedGraph } from '../../../../shared/model/workflow-graph.ts'
import { textOfBytes } from '../../json/parse.ts'
import { loadGraph } from './load-graph.ts'

/** Deeper, or more, than this is not searched; a workspace's operations have the same limits. */
const limits = { depth: 12, folders: 2_000, files: 500, fileBytes: 8 * 1024 * 1024 }

/** One `*.workflow.*` file of a workspace. */
export interface GraphFile {
  /** Relative to the workspace, with forward slashes. */
  readonly file: string
  /** What the workflow calls itself; the file's name where that cannot be read. */
  readonly name: string
  /** Null while it has problems. */
  readonly graph: SealedGraph | null
  readonly hash: string | null
  readonly problems: readonly GraphProblem[]
}

export function isGraphFile(name: string): boolean {
  return /\.workflow\.(?:ya?ml|json)$/.test(name)
}

/** One workflow, checked against the operations there are; null leaves those unchecked. Never rejects. */
export async function readGraphFile(
  root: string,
  file: string,
  operations: readonly string[] | null,
): Promise<GraphFile> {
  const [base = file] = (file.split('/').at(-1) ?? file).split('.workflow.')
  try {
    const { size } = await stat(join(root, file))
    if (size > limits.fileBytes)
      return broken(file, base, `the file has ${size} bytes; a workflow may have ${limits.fileBytes}`)
    const loaded = loadGraph(textOfBytes(await readFile(join(root, file))), operations)
    if (loaded.graph === null) return { file, ...loaded, name: loaded.name ?? base, hash: null }
    return { file, ...loaded, name: loaded.graph.name }
  } catch (error) {
    return broken(file, base, `the file cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Every workflow's file of a workspace, in order. Links are not followed. */
export async function findGraphFiles(root: string): Promise<string[]> {
  const files: string[] = []
  const waiting = [{ folder: '', depth: 0 }]
  let searched = 0
  for (let next = waiting.shift(); next !== undefined && searched < limits.folders; next = waiting.shift()) {
    searched += 1
    const { folder, depth } = next
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isFile() && isGraphFile(entry.name)) files.push(path)
      else if (entry.isDirectory() && depth < limits.depth && isSearched(entry.name))
        waiting.push({ folder: path, depth: depth + 1 })
    }
  }
  return files.sort().slice(0, limits.files)
}

function isSearched(folder: string): boolean {
  return folder !== 'node_modules' && !folder.startsWith('.')
}

/** A workflow is started by its name: of several with the same only the first is one. */
export function withUniqueNames(files: readonly GraphFile[]): readonly GraphFile[] {
  const first = new Map<string, string>()
  return files.map((each) => {
    const taken = first.get(each.name)
    if (each.graph === null) return each
    if (taken === undefined) {
      first.set(each.name, each.file)
      return each
    }
    const message = `there is a workflow "${each.name}" in ${taken} already`
    return {
      ...each,
      graph: null,
      hash: null,
      problems: [{ line: 1, column: 1, message, hint: 'Give one of them another name.' }],
    }
  })
}

function broken(file: string, name: string, message: string): GraphFile {
  return { file, name, graph: null, hash: null, problems: [{ line: 1, column: 1, message, hint: null }] }
}
