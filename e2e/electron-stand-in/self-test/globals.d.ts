// What the self-test application leaves for its tests: in its main process, and in its page by preload and script.

interface SelfTestMain {
  events: string[]
  senders: { url: string; origin: string; parent: null; window: number }[]
  ports: Electron.MessagePortMain[]
  portMessages: unknown[]
  permissionRequests: string[]
  windowRequests: string[]
  navigations: [string, string][]
  secondInstances: { argv: string[]; folder: string; data: unknown }[]
  grants: boolean
  openWindow(options?: Electron.BrowserWindowConstructorOptions): Electron.BrowserWindow
  givePort(contents: Electron.WebContents): void
  showDialog(): Promise<Electron.MessageBoxReturnValue>
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

declare var selfTestMain: SelfTestMain
declare var selfTest: SelfTestBridge
declare var selfTestPage: { ports: MessagePort[]; portMessages: unknown[] }
