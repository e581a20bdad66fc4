import { useLayoutEffect } from 'react'
import { assertDefined } from '../../shared/assert.ts'

let openDialogs = 0

/**
 * While a modal dialog is open nothing behind it can be reached. The library's guards lead Tab back only in the next frame: on
 * a busy machine keys pressed before that would go to the page. Dialogs are outside of the page's element.
 */
export function useInertPage(open: boolean): void {
  useLayoutEffect(() => {
    if (!open) return
    const page = assertDefined(document.getElementById('root'), 'index.html has the element #root')
    openDialogs += 1
    page.inert = true
    return () => {
      openDialogs -= 1
      page.inert = openDialogs > 0
    }
  }, [open])
}
