import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { WorkflowInfo } from '../../../shared/contract/workflows.ts'

/** The workflows that the sealed snapshots below a folder can start; a snapshot that does not load is one entry with why. */
export async function snapshotWorkflows(folder: string | null): Promise<WorkflowInfo[]> {
  if (folder === null) return []
  const domains = await readdir(join(folder, 'tokenized_snapshot')).catch(() => [])
  // Read only where there are snapshots: most workspaces have none.
  if (domains.length === 0) return []
  const { load } = await import('../workflow/snapshot/load.ts')
  const workspace = load(folder)
  return domains.sort().flatMap((domain) => {
    try {
      const { vocabulary, dispatch, hash } = workspace.domain(domain)
      return [...dispatch.entries.keys()].map((address) => {
        const edges = [...(dispatch.routing.get(address)?.values() ?? [])]
        const entry = entryOf(vocabulary.nameOf(address), domain, hash)
        return { ...entry, nodes: edges.length, edges: edges.reduce((sum, each) => sum + each.size, 0) }
      })
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      return [{ ...entryOf(`${domain}::`, domain, null), problems: [{ line: 1, column: 1, message, hint: null }] }]
    }
  })
}

function entryOf(name: string, domain: string, hash: string | null): WorkflowInfo {
  const file = `tokenized_snapshot/${domain}`
  return { name, kind: 'snapshot', file, description: null, hash, nodes: 0, edges: 0, payload: null, problems: [] }
}
