import { type AnchorHTMLAttributes, createContext, type ReactNode, type Ref, useContext } from 'react'
import { useStore } from 'zustand'
import { assertDefined } from '../../shared/assert.ts'
import { formatRoute, type Router } from './router.ts'

const RouterContext = createContext<Router | null>(null)

export function RouterProvider({ router, children }: { readonly router: Router; readonly children: ReactNode }) {
  return <RouterContext.Provider value={router}>{children}</RouterContext.Provider>
}

export function useRouter(): Router {
  return assertDefined(useContext(RouterContext), 'useRouter is called under RouterProvider')
}

/** The parts of the place: ['tokens', '<id>']. */
export function usePath(): readonly string[] {
  return useStore(useRouter().store, (route) => route.path)
}

export interface LinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> {
  readonly to: readonly string[]
  readonly ref?: Ref<HTMLAnchorElement>
}

/** A link inside the window. It is a real link: it can be copied and opened in another tab. */
export function Link({ to, onClick, ...rest }: LinkProps) {
  const router = useRouter()
  return (
    <a
      {...rest}
      href={formatRoute(to)}
      onClick={(event) => {
        onClick?.(event)
        if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return
        event.preventDefault()
        router.go(to)
      }}
    />
  )
}
