import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { GuardhouseError } from '../../../../shared/errors.ts'
import { parseJson } from '../../json/parse.ts'
import { isObject, type JsonObject, objectAt } from '../../json/value.ts'

/** The declaration of an artifact in protocol_snapshot: its `frontmatter.core`. Null: there is no such artifact. */
export function readDeclaration(workspace: string, folder: string, name: string): JsonObject | null {
  const file = `${name.replaceAll('::', '__')}.json`
  const path = join(workspace, 'protocol_snapshot', 'artifacts', folder, file)
  if (!existsSync(path)) return null
  const artifact = parseJson(readFileSync(path, 'utf8'))
  const frontmatter = isObject(artifact) ? objectAt(artifact, 'frontmatter') : null
  const core = frontmatter === null ? null : objectAt(frontmatter, 'core')
  if (core !== null) return core
  throw new GuardhouseError('bad-request', `${path} declares nothing: it has no frontmatter.core`, {
    hint: 'build the snapshot again with its compiler',
  })
}
