import { posix } from 'node:path'

/** A path of a body in its one form, relative to the catalog, or null when it leads out of the catalog. */
export function insideCatalog(path: string): string | null {
  const normal = posix.normalize(path.replaceAll('\\', '/'))
  if (posix.isAbsolute(normal) || normal === '..' || normal.startsWith('../') || /^[A-Za-z]:/.test(normal)) return null
  return normal
}
