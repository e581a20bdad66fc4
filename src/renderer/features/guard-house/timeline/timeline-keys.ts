import { edges, pan, type TimelineWindow, type TimeRange, zoom } from './timeline-window.ts'

const panShare = 0.2
const zoomFactor = 1.5

export type KeyAction =
  | { readonly kind: 'window'; readonly window: TimelineWindow }
  | { readonly kind: 'selection'; readonly selection: TimeRange | null }

/** What a key does to the timeline that has the focus; null for a key that is not its own. */
export function keyAction(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>,
  window: TimelineWindow,
  now: number,
): KeyAction | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null
  const moved = (next: TimelineWindow): KeyAction => ({ kind: 'window', window: next })
  switch (event.key.toLowerCase()) {
    case 'a':
    case 'arrowleft':
      return moved(pan(window, -panShare, now))
    case 'd':
    case 'arrowright':
      return moved(pan(window, panShare, now))
    case 'w':
      return moved(zoom(window, 1 / zoomFactor, 0.5, now))
    case 's':
      return moved(zoom(window, zoomFactor, 0.5, now))
    case 'f':
      return moved({ to: null, span: window.span })
    case 'e':
      return { kind: 'selection', selection: edges(window, now) }
    case 'escape':
      return { kind: 'selection', selection: null }
    default:
      return null
  }
}
