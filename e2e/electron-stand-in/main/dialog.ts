import { recordCall } from './recorded-calls.ts'

/**
 * Electron's `dialog`. Nobody sits before the screen: every dialog is recorded and answered as if it had been cancelled,
 * a message box with its `cancelId` or `defaultId`. A test replaces a method to answer otherwise.
 */
export const dialog = {
  async showOpenDialog(...args: unknown[]): Promise<{ canceled: boolean; filePaths: string[] }> {
    recordCall('dialog', 'showOpenDialog', ...args)
    return { canceled: true, filePaths: [] }
  },

  showOpenDialogSync(...args: unknown[]): string[] | undefined {
    recordCall('dialog', 'showOpenDialogSync', ...args)
    return undefined
  },

  async showSaveDialog(...args: unknown[]): Promise<{ canceled: boolean; filePath: string }> {
    recordCall('dialog', 'showSaveDialog', ...args)
    return { canceled: true, filePath: '' }
  },

  showSaveDialogSync(...args: unknown[]): string {
    recordCall('dialog', 'showSaveDialogSync', ...args)
    return ''
  },

  async showMessageBox(...args: unknown[]): Promise<{ response: number; checkboxChecked: boolean }> {
    recordCall('dialog', 'showMessageBox', ...args)
    return { response: cancelingAnswer(args), checkboxChecked: false }
  },

  showMessageBoxSync(...args: unknown[]): number {
    recordCall('dialog', 'showMessageBoxSync', ...args)
    return cancelingAnswer(args)
  },

  showErrorBox(title: string, content: string): void {
    recordCall('dialog', 'showErrorBox', title, content)
    console.error(`${title}\n${content}`)
  },
}

// The options come last: a window may stand before them.
function cancelingAnswer(args: readonly unknown[]): number {
  const { cancelId, defaultId } = args.at(-1) as { cancelId?: number; defaultId?: number }
  return cancelId ?? defaultId ?? 0
}
