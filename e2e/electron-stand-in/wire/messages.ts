import type { StructuredText } from './structured-text.ts'

/** Names one message port on the link between the main process and one document. The side that sent it chose the name. */
export type PortName = string

/** Permissions that a page can ask for here, named as Electron's handlers name them. */
export type PermissionName = 'clipboard-read' | 'clipboard-sanitized-write' | 'geolocation' | 'media' | 'notifications'

export interface WindowOpenRequest {
  readonly url: string
  readonly frameName: string
  readonly features: string
  readonly disposition: 'foreground-tab' | 'background-tab' | 'new-window'
}

/** What a document's preload world tells the main process. `call` pairs a request with its answer. */
export type MessageToMain =
  | { readonly kind: 'document'; readonly url: string }
  | { readonly kind: 'title'; readonly title: string }
  | { readonly kind: 'preload-failed'; readonly stack: string }
  | { readonly kind: 'invoke'; readonly call: number; readonly channel: string; readonly args: StructuredText }
  | { readonly kind: 'send'; readonly channel: string; readonly args: StructuredText; readonly ports: PortName[] }
  | { readonly kind: 'permission'; readonly call: number; readonly permission: PermissionName }
  | ({ readonly kind: 'open-window' } & WindowOpenRequest)
  | PortTraffic

/** What the main process tells a document's preload world. */
export type MessageToPage =
  | { readonly kind: 'answer'; readonly call: number; readonly value: StructuredText }
  | { readonly kind: 'refusal'; readonly call: number; readonly message: string }
  | { readonly kind: 'send'; readonly channel: string; readonly args: StructuredText; readonly ports: PortName[] }
  | PortTraffic

export type PortTraffic =
  | {
      readonly kind: 'port-message'
      readonly port: PortName
      readonly message: StructuredText
      readonly ports: PortName[]
    }
  | { readonly kind: 'port-closed'; readonly port: PortName }

/** Global function of the preload world through which messages come in, as one JSON text per batch. */
export const receiverName = '__electronStandInReceive'

/** Global function of the preload world, made by the debugging protocol, through which messages go out. */
export const senderName = '__electronStandInSend'

/** Name of the isolated world in which the runtime and the application's preload run. */
export const preloadWorldName = 'Electron preload'

/** Global function of the preload world that runs the preload, once. Absent within a frame of the page. */
export const runPreloadName = '__electronStandInRun'
