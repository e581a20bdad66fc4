import { createContext, type ReactNode, useContext } from 'react'
import { useStore } from 'zustand'
import { assertDefined } from '../../shared/assert.ts'
import type { ThemeChoice } from '../../shared/window-bridge.ts'
import type { Theme } from './theme.ts'

const ThemeContext = createContext<Theme | null>(null)

export function ThemeProvider({ theme, children }: { readonly theme: Theme; readonly children: ReactNode }) {
  return <ThemeContext.Provider value={theme}>{children}</ThemeContext.Provider>
}

export function useTheme(): Theme {
  return assertDefined(useContext(ThemeContext), 'useTheme is called under ThemeProvider')
}

export function useThemeChoice(): ThemeChoice {
  return useStore(useTheme().store, (state) => state.choice)
}
