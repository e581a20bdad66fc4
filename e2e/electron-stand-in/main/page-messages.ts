import { fromStructuredText } from '../wire/structured-text.ts'
import type { DocumentLink, DocumentMessage } from './document-link.ts'
import { type IpcMainEvent, ipcMain } from './ipc-main.ts'
import type { MessagePortMain } from './message-ports.ts'
import type { WebContents } from './web-contents.ts'
import type { WebFrameMain } from './web-frame-main.ts'

/** Where a message came from. */
export interface Sender {
  readonly contents: WebContents
  readonly frame: WebFrameMain
  readonly link: DocumentLink
}

/** A message that ends here and not in the web contents itself. */
export type IpcMessage = Extract<DocumentMessage, { kind: 'send' | 'invoke' }>

/** Brings a page's message to the frame's, the web contents' and the application's listeners, as Electron does. */
export function deliverIpc(message: IpcMessage, sender: Sender): void {
  const args = fromStructuredText(message.args) as unknown[]
  const receivers = [sender.frame.ipc, sender.contents.ipc, ipcMain]
  if (message.kind === 'send') {
    const ports = message.ports.map((name) => sender.link.openPort(name))
    for (const receiver of receivers) receiver.emit(message.channel, ipcEvent(sender, ports), ...args)
    return
  }
  const { call, channel } = message
  const handler = receivers.map((receiver) => receiver.handlerFor(channel)).find((found) => found !== undefined)
  const answer = async () => {
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`)
    sender.link.answer(call, await handler(ipcEvent(sender, []), ...args))
  }
  answer().catch((error: unknown) => {
    console.error(`Error occurred in handler for '${channel}':`, error)
    sender.link.refuse(call, `Error invoking remote method '${channel}': ${error}`)
  })
}

function ipcEvent({ contents, frame }: Sender, ports: readonly MessagePortMain[]): IpcMainEvent {
  return {
    type: 'frame',
    processId: frame.processId,
    frameId: frame.routingId,
    sender: contents,
    get senderFrame() {
      return frame.isDestroyed() ? null : frame
    },
    ports,
    reply: (channel, ...args) => frame.send(channel, ...args),
  }
}
