import { useEffect, useRef } from 'react'

// What closes or clears itself with Escape.
const nearer = 'input, textarea, [role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]'

/** Escape closes what is open beside the table, unless something nearer to the focus made use of it. Null: nothing is open. */
export function useEscape(onClose: (() => void) | null): void {
  const newest = useRef(onClose)
  newest.current = onClose
  useEffect(() => {
    function close(event: KeyboardEvent) {
      if (event.key !== 'Escape' || event.defaultPrevented) return
      const inside = event.target instanceof Element && event.target.closest(nearer)
      if (!inside) newest.current?.()
    }
    window.addEventListener('keydown', close)
    return () => window.removeEventListener('keydown', close)
  }, [])
}
