import { parseJson } from '../json/parse.ts'
import { isObject, type JsonObject } from '../json/value.ts'
import { insideCatalog } from '../receipts/catalog-path.ts'
import { readInstant } from '../receipts/instant.ts'
import { artifactsOf } from '../receipts/receipt.ts'

/** What a collection needs of a receipt. Read generously: also receipts that others wrote or marked are bounded. */
export interface CatalogReceipt {
  /** Name of its file. */
  readonly name: string
  /** Microseconds since 1970 UTC; 0 when it does not say, and then its bodies stay. */
  readonly endedAt: number
  /** Marked as purged inside of the file, as the original does it. */
  readonly marked: boolean
  /** Paths of its bodies, normalised and relative to the catalog; each once. */
  readonly bodies: readonly string[]
  /** Paths that lead out of the catalog; never touched. */
  readonly refused: number
  /** Size of its file. */
  readonly bytes: number
}

/** Null for a file that holds no JSON object. */
export function readCatalogReceipt(name: string, content: Buffer): CatalogReceipt | null {
  const fields = parseFields(content.toString('utf8'))
  if (fields === null) return null
  const paths = artifactsOf(fields).map((artifact) => insideCatalog(artifact.path))
  const bodies = new Set(paths.filter((path) => path !== null))
  const ended = fields.get('ended_at')
  const purgedAt = fields.get('artifacts_purged_at')
  return {
    name,
    endedAt: (typeof ended === 'string' ? readInstant(ended) : null) ?? 0,
    marked: typeof purgedAt === 'string' && purgedAt !== '',
    bodies: [...bodies],
    refused: paths.filter((path) => path === null).length,
    bytes: content.length,
  }
}

function parseFields(text: string): JsonObject | null {
  try {
    const value = parseJson(text)
    return isObject(value) ? value : null
  } catch {
    // Cut in half or not JSON at all: the caller counts it.
    return null
  }
}
