import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { GuardhouseError } from '../../../../shared/errors.ts'
import { parseJson } from '../../json/parse.ts'
import { isArray, isObject, type JsonValue } from '../../json/value.ts'

const fileName = 'redaction.json'

/**
 * What a workspace declares to be secret: `{"secrets": ["mnemonic", "actor_record.email_registration"]}` in its
 * redaction.json. No file: nothing. Throws a GuardhouseError when the file does not say that.
 */
export function declaredSecrets(workspace: string): readonly string[] {
  const path = join(workspace, fileName)
  if (!existsSync(path)) return []
  const names = namesIn(path)
  if (isArray(names) && names.every((name) => typeof name === 'string' && name !== '')) return names as string[]
  throw new GuardhouseError('bad-request', `${path} has to hold {"secrets": ["name", ...]}`, {
    hint: 'a name is a key, or keys joined by dots, such as "actor_record.email"',
  })
}

function namesIn(path: string): JsonValue | undefined {
  try {
    const content = parseJson(readFileSync(path, 'utf8'))
    return isObject(content) ? content.get('secrets') : undefined
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    throw new GuardhouseError('bad-request', `${problem} in ${path}`, { cause: error })
  }
}
