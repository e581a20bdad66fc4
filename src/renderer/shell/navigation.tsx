import { type AppCommand, appCommands } from '../../shared/app-commands.ts'
import { Kbd } from '../ui/kbd.tsx'
import { shortcutKeys } from './key-names.ts'
import styles from './navigation.module.css'
import type { PageDefinition } from './page.ts'
import { Link } from './router-context.tsx'

export interface NavigationProps {
  readonly pages: readonly PageDefinition[]
  readonly current: PageDefinition
  readonly platform: string
}

export function Navigation({ pages, current, platform }: NavigationProps) {
  return (
    <nav className={styles.navigation} aria-label="Pages">
      <p className={styles.brand}>
        <Mark />
        Guardhouse
      </p>
      <ul className={styles.list}>
        {pages.map((page) => (
          <li key={page.id}>
            <Link
              to={[page.id]}
              className={styles.link}
              title={page.title}
              aria-current={page === current ? 'page' : undefined}
            >
              {page.icon}
              <span className={styles.title}>{page.title}</span>
              {page.Count === undefined ? null : (
                <span className={styles.count}>
                  <page.Count />
                </span>
              )}
              <span className={styles.keys} aria-hidden="true">
                <Kbd keys={keysOf(page, platform)} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function keysOf(page: PageDefinition, platform: string): readonly string[] {
  const commands: readonly AppCommand[] = appCommands
  const command = commands.find((candidate) => candidate.id === page.command)
  return (command === undefined ? null : shortcutKeys(command, platform)) ?? []
}

/** A gate with a token before it. */
function Mark() {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path
        d="M2.5 14V6.5a5.5 5.5 0 0 1 11 0V14"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.75"
        strokeLinecap="round"
      />
      <circle cx="8" cy="10.25" r="2.5" fill="var(--accent)" />
    </svg>
  )
}
