import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Finding } from './finding.ts'

/** The file of the artifact to look at for a finding; null when there is none. */
export function findArtifact(workspace: string, workflow: string, finding: Finding): string | null {
  const [folder, code] = artifactOf(workflow, finding)
  if (folder === null) return null
  const path = join(workspace, 'protocol_snapshot', 'artifacts', folder)
  if (!existsSync(path)) return null
  const suffix = `__${code}.json`.toLowerCase()
  const name = readdirSync(path).find((each) => each.toLowerCase().endsWith(suffix))
  return name === undefined ? null : join(path, name)
}

/** The workspace of a trace: three folders up for the older layout, else where a snapshot is found on the way up. */
export function workspaceOf(tracePath: string, searchUpwards: boolean): string {
  const threeUp = dirname(dirname(dirname(tracePath)))
  if (!searchUpwards) return threeUp
  for (let folder = dirname(tracePath); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'protocol_snapshot'))) return folder
  }
  return threeUp
}

const transformCodes = ['CT_ARTIFACT_NOT_FOUND', 'CT_VALIDATION_FAILED', 'CT_EXECUTION_FAILED']

function artifactOf(
  workflow: string,
  { failure, node, code, transform }: Finding,
): [folder: string | null, code: string] {
  const ofWorkflow: [string, string] = ['workflows', workflow]
  if (failure === 'GRAPH_STRUCTURE_ERROR' || failure === 'ADMISSION_ERROR') return ofWorkflow
  if (node === null) return [null, '']
  switch (failure) {
    case 'EXPRESSION_ERROR':
      return ofWorkflow
    case 'CS_RUNTIME_ERROR':
      return ['runtime_bindings', workflow]
    case 'CT_STRUCTURE_ERROR':
      if (transform !== null && code !== null && transformCodes.includes(code))
        return ['capability_transforms', transform]
      return artifactOfNode(node) ?? ofWorkflow
    case 'BINDING_ERROR':
    case 'SCHEMA_ERROR':
      return node.startsWith('CC_') ? ['capability_contracts', node] : ofWorkflow
    case 'BUSINESS_VIOLATION':
      return artifactOfNode(node) ?? [null, '']
  }
}

function artifactOfNode(node: string): [string, string] | null {
  if (node.startsWith('IN_')) return ['intents', node]
  return node.startsWith('CC_') ? ['capability_contracts', node] : null
}
