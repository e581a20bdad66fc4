import type { BrowserWindow, Dialog } from 'electron'
import { describe, expect, it } from 'vitest'
import { GuardhouseError } from '../../shared/errors.ts'
import { Dialogs, type folderState, quitDialog } from './dialogs.ts'
import type { PersistedJson } from './persisted-json.ts'

interface Shown {
  readonly parent: unknown
  readonly options: { readonly defaultPath?: string; readonly detail?: string; readonly message?: string }
}

function dialogs(answer: { filePaths?: string[]; response?: number } = {}, window: object | null = null) {
  const shown: Shown[] = []
  const kept = {
    value: { lastFolder: null as string | null },
    set(value: { lastFolder: string | null }) {
      this.value = value
    },
  }
  const show = async (...given: unknown[]) => {
    shown.push({ parent: given.length === 2 ? given[0] : null, options: given.at(-1) as Shown['options'] })
    return {
      canceled: answer.filePaths === undefined,
      filePaths: answer.filePaths ?? [],
      response: answer.response ?? 0,
    }
  }
  const made = new Dialogs({
    dialog: { showOpenDialog: show, showMessageBox: show } as unknown as Dialog,
    parent: () => window as BrowserWindow | null,
    kept: kept as unknown as PersistedJson<typeof folderState>,
  })
  return { dialogs: made, shown, kept }
}

describe('choosing a folder', () => {
  it('gives the folder, and begins there the next time', async () => {
    const { dialogs: made, shown } = dialogs({ filePaths: ['/srv/jobs'] })
    expect(await made.chooseFolder()).toBe('/srv/jobs')
    await made.chooseFolder()
    expect(shown.map(({ options }) => options.defaultPath)).toEqual([undefined, '/srv/jobs'])
  })

  it('gives null when it is cancelled, and keeps the last folder', async () => {
    const { dialogs: made, kept } = dialogs()
    kept.set({ lastFolder: '/srv/jobs' })
    expect(await made.chooseFolder()).toBeNull()
    expect(kept.value).toEqual({ lastFolder: '/srv/jobs' })
  })

  it('hangs on the window while there is one', async () => {
    const window = {}
    const { dialogs: made, shown } = dialogs({}, window)
    await made.chooseFolder()
    expect(shown[0]?.parent).toBe(window)
  })
})

describe('telling a problem', () => {
  it('says what is wrong and what to do', async () => {
    const { dialogs: made, shown } = dialogs()
    await made.tellProblem(
      'It cannot be opened.',
      new GuardhouseError('not-found', 'it is a file', { hint: 'Choose a folder.' }),
    )
    expect(shown[0]?.options).toMatchObject({
      message: 'It cannot be opened.',
      detail: 'it is a file\n\nChoose a folder.',
    })
  })
})

describe('the question before quitting', () => {
  it.each([
    [0, 'drain'],
    [1, 'stop'],
    [2, 'cancel'],
    [-1, 'cancel'],
  ])('takes button %i for %s', async (response, answer) => {
    const question = { work: { executing: 1, waiting: 1200 }, draining: false }
    expect(await dialogs({ response }).dialogs.askBeforeQuit(question)).toBe(answer)
  })

  it('counts what is left in words', () => {
    const { detail } = quitDialog({ work: { executing: 1, waiting: 1200 }, draining: false })
    expect(detail).toBe('1 token is executing and 1,200 are waiting. Drain finishes them first; Stop now kills them.')
  })

  it('means by closing the box: no change', () => {
    for (const draining of [true, false]) {
      const { cancelId = -1, answers } = quitDialog({ work: { executing: 1, waiting: 1 }, draining })
      expect(answers[cancelId]).toBe(draining ? 'drain' : 'cancel')
    }
  })
})
