import type { SealedGraph } from '../../../../shared/model/workflow-graph.ts'

/** Everything that a graph declares to be secret, as names for a Redactor: its `secrets`, and fields of its payload. */
export function secretsOfGraph({ secrets, payload }: Pick<SealedGraph, 'secrets' | 'payload'>): readonly string[] {
  const fields = payload?.filter((field) => field.secret === true).map(({ name }) => name) ?? []
  return [...new Set([...(secrets ?? []), ...fields])]
}
