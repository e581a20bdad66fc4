import { app } from './app.ts'
import type { BrowserWindow } from './browser-window.ts'
import type { MenuItemOptions } from './menu.ts'

export interface Role {
  readonly label: string
  readonly accelerator?: string
  /** What the item does to the focused window; absent for a role that is only a menu. */
  readonly act?: (window: BrowserWindow | null) => void
  readonly submenu?: readonly MenuItemOptions[]
}

/** Electron's roles by their names in lower case. */
export const roles: Readonly<Record<string, Role>> = {
  about: { label: `About ${app.name}`, act: () => app.showAboutPanel() },
  quit: { label: 'Quit', accelerator: 'CommandOrControl+Q', act: () => app.quit() },
  close: { label: 'Close Window', accelerator: 'CommandOrControl+W', act: (window) => window?.close() },
  minimize: { label: 'Minimize', accelerator: 'CommandOrControl+M', act: (window) => window?.minimize() },
  togglefullscreen: {
    label: 'Toggle Full Screen',
    accelerator: 'F11',
    act: (window) => window?.setFullScreen(!window.isFullScreen()),
  },
  reload: { label: 'Reload', accelerator: 'CmdOrCtrl+R', act: (window) => window?.webContents.reload() },
  forcereload: {
    label: 'Force Reload',
    accelerator: 'Shift+CmdOrCtrl+R',
    act: (window) => window?.webContents.reloadIgnoringCache(),
  },
  toggledevtools: {
    label: 'Toggle Developer Tools',
    accelerator: 'Ctrl+Shift+I',
    act: (window) => window?.webContents.toggleDevTools(),
  },
  resetzoom: { label: 'Actual Size', accelerator: 'CommandOrControl+0', act: zoom(() => 0) },
  zoomin: { label: 'Zoom In', accelerator: 'CommandOrControl+Plus', act: zoom((level) => level + 0.5) },
  zoomout: { label: 'Zoom Out', accelerator: 'CommandOrControl+-', act: zoom((level) => level - 0.5) },
  undo: { label: 'Undo', accelerator: 'CommandOrControl+Z', act: edit('undo') },
  redo: { label: 'Redo', accelerator: 'Shift+CommandOrControl+Z', act: edit('redo') },
  cut: { label: 'Cut', accelerator: 'CommandOrControl+X', act: edit('cut') },
  copy: { label: 'Copy', accelerator: 'CommandOrControl+C', act: edit('copy') },
  paste: { label: 'Paste', accelerator: 'CommandOrControl+V', act: edit('paste') },
  delete: { label: 'Delete', act: edit('delete') },
  selectall: { label: 'Select All', accelerator: 'CommandOrControl+A', act: edit('selectAll') },
  help: { label: 'Help', submenu: [] },
  filemenu: { label: 'File', submenu: [{ role: 'quit' }] },
  editmenu: {
    label: 'Edit',
    submenu: [
      { role: 'undo' },
      { role: 'redo' },
      { type: 'separator' },
      { role: 'cut' },
      { role: 'copy' },
      { role: 'paste' },
      { role: 'delete' },
      { type: 'separator' },
      { role: 'selectAll' },
    ],
  },
  viewmenu: {
    label: 'View',
    submenu: [
      { role: 'reload' },
      { role: 'forceReload' },
      { role: 'toggleDevTools' },
      { type: 'separator' },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
    ],
  },
  windowmenu: { label: 'Window', submenu: [{ role: 'minimize' }, { role: 'close' }] },
}

function zoom(next: (level: number) => number): (window: BrowserWindow | null) => void {
  return (window) => window?.webContents.setZoomLevel(next(window.webContents.getZoomLevel()))
}

function edit(command: string): (window: BrowserWindow | null) => void {
  return (window) => window?.webContents.edit(command)
}
