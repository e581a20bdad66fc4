import { displaySize } from './screen.ts'
import type { Bounds, Placement } from './window-placement.ts'

type WindowState = 'normal' | 'minimized' | 'maximized' | 'full-screen'

/** Where a window is and whether it shows: what the application may ask for at any time. */
export interface GeometryState {
  readonly state: WindowState
  /** The state that a minimised window comes back to. */
  readonly restored: Exclude<WindowState, 'minimized'>
  readonly normal: Bounds
  readonly visible: boolean
}

export interface SizeLimits {
  readonly minWidth: number
  readonly minHeight: number
}

const display: Bounds = { x: 0, y: 0, ...displaySize }

export function initialGeometry(asked: Partial<Bounds>, limits: SizeLimits, visible: boolean): GeometryState {
  const { width, height } = limitSize({ width: asked.width ?? 800, height: asked.height ?? 600 }, limits)
  const x = asked.x ?? Math.max(0, Math.round((display.width - width) / 2))
  const y = asked.y ?? Math.max(0, Math.round((display.height - height) / 2))
  return { state: 'normal', restored: 'normal', normal: { x, y, width, height }, visible }
}

export function boundsOf(geometry: GeometryState): Bounds {
  return geometry.restored === 'normal' ? geometry.normal : display
}

export function placementOf(geometry: GeometryState, everShown: boolean): Placement {
  // A window that has not been shown yet draws all the same, so that it is ready when it is.
  const hidden = geometry.state === 'minimized' || (everShown && !geometry.visible)
  return { ...boundsOf(geometry), hidden }
}

export function withBounds(geometry: GeometryState, asked: Partial<Bounds>, limits: SizeLimits): GeometryState {
  const wanted = { ...boundsOf(geometry), ...asked }
  return { ...geometry, ...bothStates('normal'), normal: { ...wanted, ...limitSize(wanted, limits) } }
}

export function withState(geometry: GeometryState, state: WindowState): GeometryState {
  return state === 'minimized' ? { ...geometry, state } : { ...geometry, ...bothStates(state) }
}

/** The events of going from `before` to `after`, in Electron's names. */
export function geometryEvents(before: GeometryState, after: GeometryState): string[] {
  const [old, now] = [boundsOf(before), boundsOf(after)]
  return [
    ...(before.visible === after.visible ? [] : [after.visible ? 'show' : 'hide']),
    ...(before.state === after.state ? [] : stateEvents(before.state, after.state)),
    ...(old.width === now.width && old.height === now.height ? [] : ['resize', 'resized']),
    ...(old.x === now.x && old.y === now.y ? [] : ['move', 'moved']),
  ]
}

function stateEvents(before: WindowState, after: WindowState): string[] {
  const entered: Record<WindowState, string[]> = {
    normal: [],
    minimized: ['minimize'],
    maximized: ['maximize'],
    'full-screen': ['enter-full-screen'],
  }
  const left: Record<WindowState, string[]> = {
    normal: [],
    minimized: ['restore'],
    maximized: after === 'minimized' ? [] : ['unmaximize'],
    'full-screen': after === 'minimized' ? [] : ['leave-full-screen'],
  }
  return [...left[before], ...(before === 'minimized' ? [] : entered[after])]
}

function bothStates(state: Exclude<WindowState, 'minimized'>) {
  return { state, restored: state } as const
}

function limitSize(size: { width: number; height: number }, { minWidth, minHeight }: SizeLimits) {
  return { width: Math.max(size.width, minWidth), height: Math.max(size.height, minHeight) }
}
