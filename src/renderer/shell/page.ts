import type { ComponentType, ReactNode } from 'react'
import type { PageCommandId } from '../../shared/app-commands.ts'

/** One entry of the navigation. A feature exports one from its index.ts. */
export interface PageDefinition {
  /** First part of its route. */
  readonly id: string
  readonly title: string
  /** 16 px, aria-hidden. */
  readonly icon: ReactNode
  /** The command that goes there. */
  readonly command: PageCommandId
  /** `path` is what follows the id in the route. */
  readonly Component: ComponentType<PageProps>
  /** What stands at the right of its name in the navigation; a component of its own, so that it may follow telemetry. */
  readonly Count?: ComponentType
}

export interface PageProps {
  readonly path: readonly string[]
}
