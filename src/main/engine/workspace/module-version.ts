import { fileURLToPath, pathToFileURL } from 'node:url'

/**
 * Modules of a workspace are imported as `file:///…/cpu.ops.ts?v=<version>`. A thread keeps every module it ever imported
 * under its URL, so another version must be another URL; helper files inherit the version of whoever imports them, so that
 * all modules of one version share their helpers.
 */
const versionParameter = 'v'

export function versionedUrl(path: string, version: string): string {
  const url = pathToFileURL(path)
  url.searchParams.set(versionParameter, version)
  return url.href
}

/** Null for a URL that is no file, or a file outside of any workspace. */
export function versionOf(url: string | undefined): string | null {
  if (url === undefined || !url.startsWith('file:')) return null
  return new URL(url).searchParams.get(versionParameter)
}

/** The URL with the version of the module that imports it, unless it is an installed package, a built-in or versioned already. */
export function inheritVersion(url: string, parentUrl: string | undefined): string {
  const version = versionOf(parentUrl)
  const own = url.startsWith('file:') && !url.includes('?') && !url.includes('/node_modules/')
  return version === null || !own ? url : versionedUrl(fileURLToPath(url), version)
}
