import { type Connection, openConnection } from '../sdk/connection.ts'
import type { Surroundings } from './command.ts'
import { announcedHosts, findHost } from './find-host.ts'

/** Connects to the host that the command means. The caller disconnects. */
export function connectToHost(
  options: { readonly url: string | undefined; readonly secret: string | undefined },
  { environment }: Surroundings,
): Promise<Connection> {
  const { url, secret } = findHost(options, announcedHosts(environment))
  return openConnection({ url, secret, client: 'command line' })
}
