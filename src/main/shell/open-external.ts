import type { Shell } from 'electron'

/** Documentation that the window may point to. Anything else stays closed: a link can come from a token's data. */
const allowedHosts: readonly string[] = ['nodejs.org', 'www.jsonrpc.org']

/** True when `url` may be handed to the system's browser: https, an allowed host, no user name, the usual port. */
export function mayOpenExternally(url: string): boolean {
  const target = URL.parse(url)
  return (
    target !== null &&
    target.protocol === 'https:' &&
    target.username === '' &&
    target.password === '' &&
    allowedHosts.includes(target.host)
  )
}

/** Opens `url` in the system's browser when it may be. Answers whether it was. */
export async function openExternal(shell: Pick<Shell, 'openExternal'>, url: string): Promise<boolean> {
  if (!mayOpenExternally(url)) return false
  await shell.openExternal(url)
  return true
}
