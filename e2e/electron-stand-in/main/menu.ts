import { EventEmitter } from 'node:events'
import { BrowserWindow } from './browser-window.ts'
import { roles } from './menu-roles.ts'
import { recordCall } from './recorded-calls.ts'

type ItemType = 'normal' | 'separator' | 'submenu' | 'checkbox' | 'radio'

export interface MenuItemOptions {
  readonly id?: string
  readonly label?: string
  readonly sublabel?: string
  readonly toolTip?: string
  readonly role?: string
  readonly type?: ItemType
  readonly accelerator?: string
  readonly icon?: unknown
  readonly enabled?: boolean
  readonly visible?: boolean
  readonly checked?: boolean
  readonly registerAccelerator?: boolean
  readonly submenu?: readonly MenuItemOptions[] | Menu
  readonly click?: (item: MenuItem, window: BrowserWindow | undefined, event: object) => void
}

let lastCommandId = 0
let applicationMenu: Menu | null = null

/** Electron's `MenuItem`. A test chooses it by `item.click()`. */
export class MenuItem {
  readonly commandId = ++lastCommandId
  readonly id: string
  readonly type: ItemType
  readonly role: string | undefined
  readonly accelerator: string | undefined
  readonly registerAccelerator: boolean
  readonly submenu: Menu | undefined
  label: string
  sublabel: string
  toolTip: string
  icon: unknown
  enabled: boolean
  visible: boolean
  /** The menu it stands in; set by the menu. */
  menu: Menu | null = null
  readonly #click: MenuItemOptions['click']
  #checked: boolean

  constructor(options: MenuItemOptions) {
    const role = options.role === undefined ? undefined : roles[options.role.toLowerCase()]
    if (options.role !== undefined && role === undefined)
      throw new Error(`the Electron stand-in knows no menu role '${options.role}'`)
    const submenu = options.submenu ?? role?.submenu
    if (options.label === undefined && role === undefined && options.type === undefined && submenu === undefined) {
      throw new TypeError('Invalid template for MenuItem: must have at least one of label, role or type')
    }
    this.submenu = submenu instanceof Menu || submenu === undefined ? submenu : Menu.buildFromTemplate(submenu)
    this.type = options.type ?? (this.submenu === undefined ? 'normal' : 'submenu')
    if (this.type === 'submenu' && this.submenu === undefined) throw new Error('Invalid submenu')
    this.id = options.id ?? ''
    this.role = options.role?.toLowerCase()
    this.label = options.label ?? role?.label ?? ''
    this.sublabel = options.sublabel ?? ''
    this.toolTip = options.toolTip ?? ''
    this.icon = options.icon
    this.accelerator = options.accelerator ?? role?.accelerator
    this.registerAccelerator = options.registerAccelerator ?? true
    this.enabled = options.enabled ?? true
    this.visible = options.visible ?? true
    this.#checked = options.checked ?? false
    this.#click = options.click
  }

  get checked(): boolean {
    return this.#checked
  }

  /** Checking a radio item unchecks the others of its group: those beside it up to the next item of another type. */
  set checked(checked: boolean) {
    if (this.type !== 'radio') {
      this.#checked = checked
      return
    }
    for (const other of this.menu?.radioGroup(this) ?? []) other.#checked = false
    this.#checked = true
  }

  /** Does what choosing the item does, for the focused window when none is named. Disabled items do nothing. */
  click(event: object = {}, window: BrowserWindow | null = BrowserWindow.getFocusedWindow()): void {
    if (!this.enabled) return
    if (this.type === 'checkbox' || this.type === 'radio') this.checked = !this.checked
    const act = this.role === undefined ? undefined : roles[this.role]?.act
    if (act !== undefined) act(window)
    else this.#click?.(this, window ?? undefined, event)
  }
}

/** Electron's `Menu`. Nothing draws it. */
export class Menu extends EventEmitter {
  readonly items: MenuItem[] = []

  static buildFromTemplate(template: readonly (MenuItemOptions | MenuItem)[]): Menu {
    if (!Array.isArray(template)) throw new TypeError('Invalid template for Menu: Menu template must be an array')
    const menu = new Menu()
    for (const item of template) menu.append(item instanceof MenuItem ? item : new MenuItem(item))
    return menu
  }

  static setApplicationMenu(menu: Menu | null): void {
    applicationMenu = menu
  }

  static getApplicationMenu(): Menu | null {
    return applicationMenu
  }

  append(item: MenuItem): void {
    this.insert(this.items.length, item)
  }

  insert(position: number, item: MenuItem): void {
    item.menu = this
    this.items.splice(position, 0, item)
  }

  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id)
      if (found) return found
    }
    return null
  }

  /** Announces itself as if it opened; a test then clicks its items. */
  popup(options?: object): void {
    recordCall('Menu', 'popup', this, options)
    this.emit('menu-will-show', {})
  }

  closePopup(): void {
    this.emit('menu-will-close', {})
  }

  /** The radio items that stand together with `item`, itself among them. */
  radioGroup(item: MenuItem): MenuItem[] {
    const position = this.items.indexOf(item)
    const isOther = (each: MenuItem) => each.type !== 'radio'
    const first = this.items.slice(0, position).findLastIndex(isOther) + 1
    const after = this.items.slice(position).findIndex(isOther)
    return this.items.slice(first, after < 0 ? undefined : position + after)
  }
}
