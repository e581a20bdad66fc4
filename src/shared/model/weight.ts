import type { OperationTags } from './operation.ts'
import type { Weight } from './token.ts'

/**
 * The weight that routing uses: the tag if there is one, else a whole word of the operation type that says it
 * (`image.heavy`, `heavy_sum`, `lightPass`; heavy wins), else medium. Parts of words say nothing: `highlight` is medium.
 */
export function weightOfOperation(operationType: string, tags: OperationTags): Weight {
  if (tags.weight !== undefined) return tags.weight
  const words = wordsOf(operationType)
  if (words.includes('heavy')) return 'heavy'
  return words.includes('light') ? 'light' : 'medium'
}

/** Lower-case words, split at everything that is no letter or digit and at each hump of camel case. */
function wordsOf(name: string): readonly string[] {
  const humpsApart = name.replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2').replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
  return humpsApart.toLowerCase().split(/[^\p{L}\d]+/u)
}
