import type { WebContents } from 'electron'
import { reportProblem } from './report-problem.ts'

/**
 * Loads `url` and says when that fails. A load that a person's reload or the window's end cuts off has not failed.
 */
export function loadPage(contents: Pick<WebContents, 'loadURL' | 'isDestroyed'>, url: string): void {
  contents.loadURL(url).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code !== 'ERR_ABORTED' && !contents.isDestroyed()) reportProblem('the page does not load', error)
  })
}
