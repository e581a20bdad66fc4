import { useState } from 'react'
import { type ColumnLayout, parseLayout } from './column.ts'

/** The layout of a table, kept in the browser under `name`. */
export function useStoredLayout(name: string): readonly [ColumnLayout, (layout: ColumnLayout) => void] {
  const key = `guardhouse.columns.${name}`
  const [layout, setLayout] = useState(() => parseLayout(localStorage.getItem(key)))
  return [
    layout,
    (next) => {
      setLayout(next)
      localStorage.setItem(key, JSON.stringify(next))
    },
  ]
}
