import path from 'node:path'
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  Notification,
  nativeTheme,
  protocol,
  screen,
  session,
  shell,
  Tray,
} from 'electron'
import type { z } from 'zod'
import type { PageCommandId } from '../shared/app-commands.ts'
import { parseDeepLink } from '../shared/deep-link.ts'
import { shellChannels } from '../shared/window-bridge.ts'
import { startControl } from './control/control-host.ts'
import { makeFolder } from './engine/system/make-folder.ts'
import { stateDirectory } from './sdk/state-directory.ts'
import { startServer } from './server/index.ts'
import { Connections } from './shell/connections.ts'
import { setupUnexpectedErrors, setupWindowRecovery } from './shell/crash.ts'
import { setupDeepLinks } from './shell/deep-links.ts'
import { Dialogs, folderState } from './shell/dialogs.ts'
import { type LaunchRequest, parseLaunch } from './shell/launch-request.ts'
import { setupMenu } from './shell/menu.ts'
import { setupNavigation } from './shell/navigation.ts'
import { notifyWatched } from './shell/notifications.ts'
import { openExternal } from './shell/open-external.ts'
import { type PageAddress, pageAddress } from './shell/page-address.ts'
import { PageRequests } from './shell/page-requests.ts'
import { setupPermissions } from './shell/permissions.ts'
import { PersistedJson } from './shell/persisted-json.ts'
import { registerAppScheme, setupProtocol } from './shell/protocol.ts'
import { Quit } from './shell/quit.ts'
import { reportProblem } from './shell/report-problem.ts'
import { SchedulerHost } from './shell/scheduler-host.ts'
import { claimSingleInstance, setupSecondInstance } from './shell/single-instance.ts'
import { Theme, themeState } from './shell/theme.ts'
import { TrayIcon } from './shell/tray.ts'
import { windowState } from './shell/window-state.ts'
import { MainWindow } from './shell/windows.ts'

const state = stateDirectory()
const desktopState = path.join(state, 'desktop')
const rendererDirectory = path.join(import.meta.dirname, '../renderer')
const preload = path.join(import.meta.dirname, '../preload/index.cjs')
const resourcesDirectory = path.join(import.meta.dirname, '../../resources')
const icon = path.join(resourcesDirectory, 'icon.png')

start()

/** What must be said before the application is ready. No await may stand above it: ready would pass by. */
function start(): void {
  if (!prepareState()) return app.exit(1)
  app.setPath('userData', desktopState)
  app.enableSandbox()
  registerAppScheme(protocol)
  const request = parseLaunch(process.argv, process.cwd())
  if (claimSingleInstance(app, request)) {
    app.once('ready', () => run(request))
  } else {
    process.stdout.write('Guardhouse is running already; its window was brought to the front.\n')
    app.exit(0)
  }
}

/** Electron takes no folder that is not there. False when there can be none, which has been told. */
function prepareState(): boolean {
  try {
    makeFolder(desktopState)
    return true
  } catch (error) {
    reportProblem(`cannot keep state in ${desktopState}`, error)
    dialog.showErrorBox(
      'Guardhouse cannot start',
      `Its folder ${desktopState} cannot be made. See GUARDHOUSE_STATE_DIR.`,
    )
    return false
  }
}

/** Everything the application is made of, in the order in which it depends on each other. */
function run(request: LaunchRequest): void {
  const resources = new AsyncDisposableStack()
  resources.use(setupUnexpectedErrors(process, dialog))
  const page = pageAddress(app.isPackaged ? null : (process.env.ELECTRON_RENDERER_URL ?? null))
  guardPage(page, resources)

  const theme = new Theme(nativeTheme, keep(resources, 'theme', themeState, { theme: 'system' }))
  const placement = keep(resources, 'window', windowState.nullable(), null)
  const opened = (window: BrowserWindow) => quit.watchWindow(window)
  const mainWindow = resources.use(
    new MainWindow({ app, BrowserWindow, screen, theme: nativeTheme, page, preload, icon, placement, opened }),
  )
  const folders = keep(resources, 'folder', folderState, { lastFolder: null })
  const dialogs = new Dialogs({ dialog, parent: () => mainWindow.current, kept: folders })
  const scheduler = resources.use(startScheduler(request, (cause) => void endAfterLoss(cause, dialogs, resources)))
  const quit = resources.use(
    new Quit({
      app,
      process,
      platform: process.platform,
      unfinishedWork: () => scheduler.unfinishedWork(),
      ask: (question) => dialogs.askBeforeQuit(question),
      stop: (mode) => scheduler.stop(mode),
      release: () => resources.disposeAsync(),
    }),
  )
  resources.use(
    setupWindowRecovery({
      app,
      page,
      now: () => performance.now(),
      askToReload: () => dialogs.askToReload(),
      quit: () => void quit.request(),
    }),
  )
  answerPage({ page, mainWindow, scheduler, dialogs, theme }, resources)
  showMenu(mainWindow, theme)
  resources.use(
    setupSecondInstance(app, (later) => {
      mainWindow.show()
      if (later.workspace !== null) openWorkspace(later, scheduler, dialogs)
      openLink(later, mainWindow)
    }),
  )
  // The application ends through `quit` alone; without a listener Electron would end it with its last window.
  app.on('window-all-closed', () => undefined)
  setupDesk(mainWindow, scheduler, quit, resources)
  mainWindow.show()
  openWorkspace(request, scheduler, dialogs)
  openLink(request, mainWindow)
}

interface PageAnswerers {
  readonly page: PageAddress
  readonly mainWindow: MainWindow
  readonly scheduler: SchedulerHost
  readonly dialogs: Dialogs
  readonly theme: Theme
}

/** All that the page can ask of the shell. */
function answerPage(
  { page, mainWindow, scheduler, dialogs, theme }: PageAnswerers,
  resources: AsyncDisposableStack,
): void {
  const createChannel = () => new MessageChannelMain()
  const connections = resources.use(new Connections({ createChannel, connectToHost: () => scheduler.connectWindow() }))
  const requests = resources.use(new PageRequests(ipcMain, page, (contents) => mainWindow.owns(contents)))
  requests.answer(shellChannels.connect, (contents) => connections.connect(contents))
  requests.answer(shellChannels.chooseFolder, () => dialogs.chooseFolder())
  requests.answer(shellChannels.setTheme, (_contents, choice) => theme.choose(choice))
}

function showMenu(mainWindow: MainWindow, theme: Theme): void {
  const perform = (command: PageCommandId) => mainWindow.send(shellChannels.menuCommand, command)
  const menu = setupMenu({ Menu, platform: process.platform, theme: theme.choice, perform })
  theme.onChosen((choice) => menu.showTheme(choice))
}

/** What the desktop has beside the window: an icon in the tray, notifications, links from other programs. */
function setupDesk(
  mainWindow: MainWindow,
  scheduler: SchedulerHost,
  quit: Quit,
  resources: AsyncDisposableStack,
): void {
  const show = (route: readonly string[]) => mainWindow.send(shellChannels.openRoute, route)
  resources.use(
    new TrayIcon({
      Tray,
      Menu,
      resources: resourcesDirectory,
      platform: process.platform,
      read: () => scheduler.glance(),
      show: () => mainWindow.show(),
      setPaused: (paused) => scheduler.setPaused(paused),
      quit: () => void quit.request(),
    }),
  )
  const isLookedAt = () => mainWindow.current?.isFocused() === true
  scheduler
    .onEvent((event) => notifyWatched(event, { Notification, isLookedAt, show }))
    .catch((error: unknown) => reportProblem('cannot hear what is watched', error))
  const restart = app.isPackaged ? undefined : { executable: process.execPath, arguments: [app.getAppPath()] }
  resources.use(setupDeepLinks({ app, show, restart }))
}

function openLink({ link }: LaunchRequest, mainWindow: MainWindow): void {
  const route = link === null ? null : parseDeepLink(link)
  if (route !== null) mainWindow.send(shellChannels.openRoute, route)
}

function guardPage(page: PageAddress, resources: AsyncDisposableStack): void {
  setupPermissions(session.defaultSession, page)
  resources.use(setupProtocol(protocol, rendererDirectory))
  const openLink = (url: string) =>
    void openExternal(shell, url).catch((error: unknown) => reportProblem('cannot open a link', error))
  resources.use(setupNavigation(app, page, openLink))
}

function startScheduler(request: LaunchRequest, onLost: (cause: unknown) => void): SchedulerHost {
  const { workspace, readOnly } = request
  return new SchedulerHost({
    // Opened over a connection afterwards, where what goes wrong can be told.
    startControl: () =>
      startControl({
        host: 'desktop',
        options: {},
        readOnly: false,
        workspace: null,
        journal: request.journal === false ? null : { path: request.journal },
        stateDirectory: state,
      }),
    startServer: (control) =>
      startServer({ control, host: 'desktop', readOnly, workspace, stateDirectory: state, rendererDirectory, port: 0 }),
    readOnly,
    onLost,
  })
}

/** Without its scheduler the application is an empty window. */
async function endAfterLoss(cause: unknown, dialogs: Dialogs, resources: AsyncDisposableStack): Promise<void> {
  reportProblem('the scheduler has stopped', cause)
  if (await dialogs.askToRestart(cause)) app.relaunch()
  await resources.disposeAsync()
  app.exit(1)
}

function openWorkspace(request: LaunchRequest, scheduler: SchedulerHost, dialogs: Dialogs): void {
  scheduler
    .openWorkspace(request)
    .catch((error: unknown) => dialogs.tellProblem(`${request.workspace ?? 'The sample'} cannot be opened.`, error))
}

function keep<Schema extends z.ZodType>(
  resources: AsyncDisposableStack,
  name: string,
  schema: Schema,
  fallback: z.output<Schema>,
): PersistedJson<Schema> {
  return resources.use(new PersistedJson(path.join(desktopState, `${name}.json`), schema, fallback))
}
