// What the self-test application leaves for its tests in the main process and in the page.

interface SeenByMain {
  events: string[]
  senders: { url: string; origin: string; parent: null; window: number }[]
  ports: Electron.MessagePortMain[]
  portMessages: unknown[]
  permissionRequests: string[]
  windowRequests: string[]
  navigations: [string, string][]
  secondInstances: { argv: string[]; folder: string; data: unknown }[]
  grants: boolean
}

interface SelfTestBridge {
  facts: { platform: string; sandboxed: boolean; fs: string }
  echo(value: unknown): Promise<unknown>
  inspect(value: unknown): Promise<string>
  invoke(channel: string, ...args: unknown[]): Promise<unknown>
  send(channel: string, ...args: unknown[]): void
  on(channel: string, listener: (...args: unknown[]) => void): () => void
  sendPort(): void
  addNow(a: number, b: number): number
  call(callback: (text: string) => string): string
  fail(): never
}

declare var seen: SeenByMain
declare var givePort: (contents: Electron.WebContents) => void
declare var openWindow: (options?: Electron.BrowserWindowConstructorOptions) => Electron.BrowserWindow
declare var showDialog: () => Promise<Electron.MessageBoxReturnValue>

declare var selfTest: SelfTestBridge
declare var pageSide: { ports: MessagePort[]; portMessages: unknown[] }
