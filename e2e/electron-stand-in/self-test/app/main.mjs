import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { inspect } from 'node:util'
import { app, BrowserWindow, dialog, ipcMain, Menu, MessageChannelMain, nativeTheme, protocol, session } from 'electron'

/** What the tests look at and turn, through `electronApp.evaluate`. */
const selfTestMain = {
  events: [],
  senders: [],
  ports: [],
  portMessages: [],
  permissionRequests: [],
  windowRequests: [],
  navigations: [],
  secondInstances: [],
  grants: false,
  openWindow,
  givePort,
  showDialog: () => dialog.showMessageBox({ message: 'Sure?', buttons: ['Yes', 'No'], cancelId: 1 }),
}
globalThis.selfTestMain = selfTestMain

const contentTypes = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }
const headers = {
  'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src *",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
}

protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true } }])

async function serve(request) {
  const { pathname } = new URL(request.url)
  if (pathname === '/redirect')
    return new Response(null, { status: 302, headers: { location: 'http://elsewhere.test.localhost/' } })
  if (pathname === '/answer')
    return Response.json({ method: request.method, url: request.url, body: await request.text() })
  const file = path.join(import.meta.dirname, path.basename(pathname))
  const contentType = contentTypes[path.extname(file)]
  if (contentType === undefined) return new Response('not found', { status: 404 })
  return new Response(await readFile(file), { headers: { ...headers, 'content-type': contentType } })
}

function guard(contents) {
  const stay = (event) => {
    selfTestMain.navigations.push([event.isMainFrame ? 'main' : 'frame', event.url])
    if (!event.url.startsWith('app://self-test/')) event.preventDefault()
  }
  contents.on('will-navigate', stay)
  contents.on('will-frame-navigate', stay)
  contents.on('will-redirect', stay)
  contents.on('render-process-gone', (_event, details) => selfTestMain.events.push(`gone: ${details.reason}`))
  contents.setWindowOpenHandler(({ url }) => {
    selfTestMain.windowRequests.push(url)
    return { action: url.startsWith('app://self-test/') ? 'allow' : 'deny' }
  })
}

function openWindow(options = {}) {
  const window = new BrowserWindow({
    width: 1000,
    height: 700,
    name: 'main',
    windowStatePersistence: true,
    webPreferences: { preload: path.join(import.meta.dirname, 'preload.cjs') },
    ...options,
  })
  for (const name of [
    'ready-to-show',
    'show',
    'hide',
    'resize',
    'move',
    'minimize',
    'restore',
    'maximize',
    'unmaximize',
    'closed',
  ]) {
    window.on(name, () => selfTestMain.events.push(name))
  }
  // A test may close the window before the page has loaded.
  window.loadURL('app://self-test/index.html').catch((error) => console.log(error.message))
  return window
}
function answerPages() {
  ipcMain.handle('echo', (event, value) => {
    const { url, origin, parent } = event.senderFrame
    selfTestMain.senders.push({ url, origin, parent, window: BrowserWindow.fromWebContents(event.sender)?.id })
    return value
  })
  ipcMain.handle('inspect', (_event, value) => inspect(value, { depth: 5, breakLength: Number.POSITIVE_INFINITY }))
  ipcMain.handle('fail', () => {
    throw new TypeError('boom')
  })
  ipcMain.handleOnce('once', () => 'only once')
  ipcMain.on('port-from-preload', (event) => keepPort(event.ports[0]))
}

function keepPort(port) {
  selfTestMain.ports.push(port)
  port.on('message', ({ data }) => selfTestMain.portMessages.push(data))
  port.on('close', () => selfTestMain.portMessages.push('closed'))
  port.start()
}

/** Gives the page one end of a new channel and keeps the other. */
function givePort(contents) {
  const { port1, port2 } = new MessageChannelMain()
  keepPort(port1)
  contents.postMessage('port', null, [port2])
}

function throwWhenAsked(moment) {
  if (process.env.SELF_TEST_THROW === moment) throw new Error(`main threw at its ${moment}`)
}

function setUp() {
  console.log('ready')
  throwWhenAsked('ready')
  protocol.handle('app', serve)
  session.defaultSession.setPermissionRequestHandler((_contents, permission, callback) => {
    selfTestMain.permissionRequests.push(permission)
    callback(selfTestMain.grants)
  })
  session.defaultSession.setPermissionCheckHandler(() => selfTestMain.grants)
  answerPages()
  nativeTheme.on('updated', () => selfTestMain.events.push(`dark: ${nativeTheme.shouldUseDarkColors}`))
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      {
        label: 'Things',
        submenu: [
          { id: 'thing', label: 'A thing', click: (item) => selfTestMain.events.push(`clicked ${item.label}`) },
        ],
      },
      { role: 'editMenu' },
    ]),
  )
  openWindow()
}

throwWhenAsked('start')

app.enableSandbox()
app.on('web-contents-created', (_event, contents) => guard(contents))
app.on('second-instance', (_event, argv, folder, data) => selfTestMain.secondInstances.push({ argv, folder, data }))
app.on('window-all-closed', () => app.quit())
for (const name of ['before-quit', 'will-quit', 'quit']) app.on(name, () => console.log(name))

if (app.requestSingleInstanceLock({ said: 'hello' })) app.whenReady().then(setUp)
else {
  console.log('another instance runs')
  app.quit()
}
