import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { WebSocketServer } from 'ws'
import { uploadPath } from '../../src/main/server/trace-uploads.ts'
import { maxMessageBytes } from '../../src/shared/contract/wire.ts'
import { type MadeUpHostOptions, parseCommandLine } from './command-line.ts'
import { MadeUpHost } from './made-up-host.ts'
import { madeUpUploads } from './made-up-uploads.ts'
import { RpcSession } from './rpc-session.ts'
import { serveFolder } from './static-folder.ts'

/** A host to look at the window with: `node e2e/made-up-host/host.ts --cores 256 --tokens 100000`. */
async function main(): Promise<void> {
  const options = readOptions()
  const url = await listen(options)
  console.log(url)
}

function readOptions(): MadeUpHostOptions {
  try {
    return parseCommandLine(process.argv.slice(2))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(2)
  }
}

/** Starts to serve and returns the address of the page. */
async function listen(options: MadeUpHostOptions): Promise<string> {
  const host = new MadeUpHost(options)
  const folder = serveFolder(resolve(options.staticFolder))
  const uploads = madeUpUploads(host)
  const server = createServer((request, response) => {
    void (request.url?.startsWith(uploadPath) ? uploads : folder)(request, response)
  })
  const sockets = new WebSocketServer({ server, path: '/rpc', maxPayload: maxMessageBytes })
  sockets.on('connection', (socket) => new RpcSession(socket, host))
  await new Promise<void>((listening) => server.listen(options.port, '127.0.0.1', listening))
  // Any secret will do: there is nothing here to protect.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/#secret=made-up`
}

await main()
