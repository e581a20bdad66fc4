import type { Server } from 'node:http'
import { assert } from '../../shared/assert.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import { loopbackAddress } from './loopback-address.ts'

/** Tried when no port is asked for, so that a browser finds the window's settings again at the next start. */
export const usualPort = 7417

/**
 * Listens on loopback. `port` undefined: the usual port, or any free one when that is taken. 0: any free one.
 * Throws `conflict` when an asked port is taken or may not be used.
 */
export async function listenOnLoopback(server: Server, port: number | undefined): Promise<number> {
  try {
    return await listen(server, port ?? usualPort)
  } catch (error) {
    if (port === undefined) return await listen(server, 0)
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error
    const why = code === 'EACCES' ? 'may not be used by this user' : 'is taken by another program'
    throw new GuardhouseError('conflict', `port ${port} ${why}`, {
      hint: 'Choose another one, or 0 for any that is free.',
      cause: error,
    })
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host: loopbackAddress, exclusive: true }, () => {
      server.off('error', reject)
      const address = server.address()
      assert(typeof address === 'object' && address !== null, 'a server that listens on an IP address has one')
      resolve(address.port)
    })
  })
}
