import { relative, sep } from 'node:path'

/** Path relative to the workspace with forward slashes; the absolute path for a file outside of it. */
export function pathInWorkspace(root: string, path: string): string {
  const inside = relative(root, path)
  return inside === '' || inside.startsWith(`..${sep}`) || inside === '..' ? path : inside.split(sep).join('/')
}
