/** Colours for canvases, as the theme has them now. A canvas knows nothing of CSS variables. */
export interface Palette {
  readonly ours: string
  readonly others: string
  readonly hairline: string
  readonly faint: string
  readonly info: string
  readonly bad: string
}

const variables: Readonly<Record<keyof Palette, string>> = {
  ours: '--series-ours',
  others: '--series-others',
  hairline: '--hairline-strong',
  faint: '--text-faint',
  info: '--tone-info',
  bad: '--tone-bad',
}

/** Reads the palette at an element of the page, which must be attached. */
export function readPalette(element: HTMLElement): Palette {
  return readColors(element, variables)
}

/** What CSS variables are as colours now, at an element of the page, which must be attached. */
export function readColors<Name extends string>(
  element: HTMLElement,
  names: Readonly<Record<Name, string>>,
): Readonly<Record<Name, string>> {
  // The value of a variable is its text, such as light-dark(…); only a property computes to a colour.
  const probe = document.createElement('span')
  element.append(probe)
  const entries = Object.entries<string>(names).map(([name, variable]) => {
    probe.style.color = `var(${variable})`
    return [name, getComputedStyle(probe).color]
  })
  probe.remove()
  return Object.fromEntries(entries) as Record<Name, string>
}

/** Calls `listener` when the theme may have changed. Returns what ends it. */
export function onThemeChange(listener: () => void): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)')
  system.addEventListener('change', listener)
  const chosen = new MutationObserver(listener)
  chosen.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  return () => {
    system.removeEventListener('change', listener)
    chosen.disconnect()
  }
}
