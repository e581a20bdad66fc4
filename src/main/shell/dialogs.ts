import type { BrowserWindow, Dialog, MessageBoxOptions, OpenDialogOptions } from 'electron'
import { z } from 'zod'
import { toErrorData } from '../../shared/errors.ts'
import type { PersistedJson } from './persisted-json.ts'
import type { QuitAnswer, QuitQuestion } from './quit.ts'

export const folderState = z.strictObject({ lastFolder: z.string().min(1).nullable() })

export interface DialogDependencies {
  readonly dialog: Pick<Dialog, 'showOpenDialog' | 'showMessageBox'>
  /** Dialogs hang on the window while there is one. */
  readonly parent: () => BrowserWindow | null
  /** Where the last folder was chosen; a dialog would else begin in Downloads. */
  readonly kept: PersistedJson<typeof folderState>
}

/** Every native dialog of the application. */
export class Dialogs {
  readonly #dependencies: DialogDependencies

  constructor(dependencies: DialogDependencies) {
    this.#dependencies = dependencies
  }

  /** The folder a person chose for a workspace, absolute; null when they cancelled. */
  async chooseFolder(): Promise<string | null> {
    const { dialog, parent, kept } = this.#dependencies
    const { lastFolder } = kept.value
    const options: OpenDialogOptions = {
      title: 'Open workspace',
      buttonLabel: 'Open',
      properties: ['openDirectory', 'createDirectory'],
      ...(lastFolder === null ? {} : { defaultPath: lastFolder }),
    }
    const window = parent()
    const { canceled, filePaths } = await (window === null
      ? dialog.showOpenDialog(options)
      : dialog.showOpenDialog(window, options))
    const [folder] = filePaths
    if (canceled || folder === undefined) return null
    kept.set({ lastFolder: folder })
    return folder
  }

  /** Asks what shall become of the work that is left. */
  async askBeforeQuit(question: QuitQuestion): Promise<QuitAnswer> {
    const { answers, ...options } = quitDialog(question)
    const response = await this.#ask(options)
    return answers[response] ?? 'cancel'
  }

  /** Tells a person what went wrong and what to do about it. */
  async tellProblem(title: string, thrown: unknown): Promise<void> {
    await this.#ask({ type: 'error', title: 'Guardhouse', message: title, detail: explain(thrown) })
  }

  /** Asks whether to try again; false means to quit. */
  async askToReload(): Promise<boolean> {
    const response = await this.#ask({
      type: 'error',
      title: 'Guardhouse',
      message: 'The window has stopped working again.',
      detail: 'The scheduler and its tokens go on. Reload the window, or quit Guardhouse.',
      buttons: ['Reload', 'Quit'],
      defaultId: 0,
    })
    return response === 0
  }

  /** Tells that the scheduler is gone and asks whether to start the application anew; false means to quit. */
  async askToRestart(cause: unknown): Promise<boolean> {
    const response = await this.#ask({
      type: 'error',
      title: 'Guardhouse',
      message: 'The scheduler has stopped.',
      detail: explain(cause),
      buttons: ['Start again', 'Quit'],
      defaultId: 0,
    })
    return response === 0
  }

  async #ask(options: MessageBoxOptions): Promise<number> {
    const { dialog, parent } = this.#dependencies
    const window = parent()
    const { response } = await (window === null
      ? dialog.showMessageBox(options)
      : dialog.showMessageBox(window, options))
    return response
  }
}

interface QuitDialog extends MessageBoxOptions {
  /** In the order of the buttons. */
  readonly answers: readonly QuitAnswer[]
}

/** What the dialog says before quitting. A drain that has begun can be cut short, not taken back. */
export function quitDialog({ work, draining }: QuitQuestion): QuitDialog {
  const executing = count(work.executing, 'token is executing', 'tokens are executing')
  const waiting = count(work.waiting, 'is waiting', 'are waiting')
  const shared = { type: 'question', title: 'Guardhouse', defaultId: 0, noLink: true } as const
  if (draining) {
    return {
      ...shared,
      message: 'Guardhouse is finishing its tokens.',
      detail: 'It quits by itself when they have ended. Stop now kills what is left.',
      buttons: ['Keep draining', 'Stop now'],
      answers: ['drain', 'stop'],
      cancelId: 0,
    }
  }
  return {
    ...shared,
    message: 'Quit while there is work?',
    detail: `${executing} and ${waiting}. Drain finishes them first; Stop now kills them.`,
    buttons: ['Drain', 'Stop now', 'Cancel'],
    answers: ['drain', 'stop', 'cancel'],
    cancelId: 2,
  }
}

function explain(thrown: unknown): string {
  const { message, hint } = toErrorData(thrown)
  return hint === undefined ? message : `${message}\n\n${hint}`
}

function count(amount: number, one: string, many: string): string {
  return `${amount.toLocaleString('en-US')} ${amount === 1 ? one : many}`
}
