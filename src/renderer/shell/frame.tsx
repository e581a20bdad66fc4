import { useEffect, useRef, useState } from 'react'
import { ConnectionBanner } from './connection-banner.tsx'
import { DiskQuotaBanner } from './disk-quota-banner.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import styles from './frame.module.css'
import { HostNotices } from './host-notices.tsx'
import { Navigation } from './navigation.tsx'
import type { PageDefinition } from './page.ts'
import { Palette } from './palette.tsx'
import { usePath } from './router-context.tsx'
import { ShortcutSheet } from './shortcut-sheet.tsx'
import { StatusBar } from './status-bar.tsx'
import { TopBar } from './top-bar.tsx'
import { useAppCommands } from './use-app-commands.ts'
import { useShortcuts } from './use-shortcuts.ts'
import { OpenFolderDialog } from './workspace/open-folder-dialog.tsx'
import { WorkspaceBanner } from './workspace/workspace-banner.tsx'

export type Overlay = 'palette' | 'shortcuts' | 'open-folder'

export interface FrameProps {
  /** In the order of the navigation; the first is where the window starts. */
  readonly pages: readonly [PageDefinition, ...PageDefinition[]]
  readonly platform: string
}

/** What stands around every page. */
export function Frame({ pages, platform }: FrameProps) {
  const path = usePath()
  const page = pages.find((candidate) => candidate.id === path[0]) ?? pages[0]
  const [overlay, setOverlay] = useState<Overlay | null>(null)
  useAppCommands(pages, setOverlay)
  useShortcuts(platform)
  const main = useFocusOnNavigation(page)
  const close = () => setOverlay(null)
  return (
    <div className={styles.frame}>
      <button type="button" className={styles.skip} onClick={() => main.current?.focus()}>
        Skip to the page
      </button>
      <Navigation pages={pages} current={page} platform={platform} />
      <div className={styles.column}>
        <TopBar platform={platform} onOverlay={setOverlay} />
        <ConnectionBanner />
        <WorkspaceBanner />
        <DiskQuotaBanner />
        <main id="main" ref={main} tabIndex={-1} className={styles.main} aria-label={page.title}>
          <ErrorBoundary place={page.title}>
            <page.Component key={page.id} path={path.slice(1)} />
          </ErrorBoundary>
        </main>
        <StatusBar />
        <HostNotices />
      </div>
      {overlay === 'palette' ? <Palette platform={platform} onClose={close} /> : null}
      {overlay === 'shortcuts' ? <ShortcutSheet platform={platform} onClose={close} /> : null}
      {overlay === 'open-folder' ? <OpenFolderDialog onClose={close} /> : null}
    </div>
  )
}

/** A screen reader has to hear that the page is another one: the focus goes to it, and the window is named after it. */
function useFocusOnNavigation(page: PageDefinition) {
  const main = useRef<HTMLElement>(null)
  const before = useRef(page.id)
  useEffect(() => {
    document.title = `${page.title} · Guardhouse`
    if (before.current !== page.id) main.current?.focus({ preventScroll: true })
    before.current = page.id
  }, [page])
  return main
}
