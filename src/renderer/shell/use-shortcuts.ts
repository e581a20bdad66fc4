import { useEffect } from 'react'
import { useToasts } from '../ui/toast.tsx'
import { useCommandRegistry } from './command-registry-context.tsx'
import { plainKeysAreFree, ShortcutMatcher } from './shortcuts.ts'

/** Runs commands by their keys, wherever the focus is. A command that cannot be run says why. */
export function useShortcuts(platform: string): void {
  const registry = useCommandRegistry()
  const toasts = useToasts()
  useEffect(() => {
    const matcher = new ShortcutMatcher(platform)
    function onKeyDown(event: KeyboardEvent) {
      if (event.defaultPrevented || event.isComposing) return
      const bindings = registry.list().filter((command) => command.ours)
      const match = matcher.press(bindings, event, plainKeysAreFree(event.target), event.timeStamp)
      if (match.kind === 'none') return
      event.preventDefault()
      if (match.kind === 'prefix') return
      const result = registry.run(match.id)
      if (!result.ran) toasts.show({ tone: 'info', title: 'Not now', text: result.reason })
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [registry, toasts, platform])
}
