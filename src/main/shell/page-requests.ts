import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron'
import { GuardhouseError } from '../../shared/errors.ts'
import type { PageAddress } from './page-address.ts'

/**
 * The only way from the page into the shell thread: one answer per channel, and none to a sender that is not the main
 * frame of our own window showing our own page.
 */
export class PageRequests implements Disposable {
  readonly #ipc: Pick<IpcMain, 'handle' | 'removeHandler'>
  readonly #page: PageAddress
  readonly #isOurWindow: (contents: WebContents) => boolean
  readonly #channels: string[] = []

  constructor(
    ipc: Pick<IpcMain, 'handle' | 'removeHandler'>,
    page: PageAddress,
    isOurWindow: (contents: WebContents) => boolean,
  ) {
    this.#ipc = ipc
    this.#page = page
    this.#isOurWindow = isOurWindow
  }

  /** `answer` gets what the page sent as it came: parse it. What it throws reaches the page as its message. */
  answer(channel: string, answer: (contents: WebContents, argument: unknown) => unknown): void {
    this.#channels.push(channel)
    this.#ipc.handle(channel, (event: IpcMainInvokeEvent, argument: unknown) => {
      this.#assertOurs(event, channel)
      return answer(event.sender, argument)
    })
  }

  [Symbol.dispose](): void {
    for (const channel of this.#channels.splice(0)) this.#ipc.removeHandler(channel)
  }

  #assertOurs(event: IpcMainInvokeEvent, channel: string): void {
    const frame = event.senderFrame
    // Null once the frame has navigated away or is gone: nobody is left to answer.
    const isOurPage = frame !== null && frame.parent === null && this.#page.contains(frame.url)
    if (isOurPage && this.#isOurWindow(event.sender)) return
    throw new GuardhouseError('not-allowed', `${channel} answers only the main frame of the Guardhouse window`)
  }
}
