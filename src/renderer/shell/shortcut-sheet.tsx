import { Dialog } from '../ui/dialog.tsx'
import { Kbd } from '../ui/kbd.tsx'
import type { ListedCommand } from './command-registry.ts'
import { useCommandRegistry } from './command-registry-context.tsx'
import { shortcutKeys } from './key-names.ts'
import styles from './shortcut-sheet.module.css'

/** Every command that has keys, by group. */
export function ShortcutSheet({ platform, onClose }: { readonly platform: string; readonly onClose: () => void }) {
  const registry = useCommandRegistry()
  const groups = Map.groupBy(registry.list(), (command) => command.group)
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Keyboard shortcuts"
      description="Keys beside each other are pressed together, or one after another where there is no modifier. Letters do nothing while you type."
      width="wide"
    >
      <div className={styles.groups}>
        {[...groups].map(([group, commands]) => (
          <Group key={group} title={group} commands={commands} platform={platform} />
        ))}
      </div>
    </Dialog>
  )
}

interface GroupProps {
  readonly title: string
  readonly commands: readonly ListedCommand[]
  readonly platform: string
}

function Group({ title, commands, platform }: GroupProps) {
  const withKeys = commands.flatMap((command) => {
    const keys = shortcutKeys(command, platform)
    return keys === null ? [] : [{ command, keys }]
  })
  if (withKeys.length === 0) return null
  return (
    <section className={styles.group}>
      <h3 className={styles.heading}>{title}</h3>
      <dl>
        {withKeys.map(({ command, keys }) => (
          <div key={command.id} className={styles.row}>
            <dt>{command.title}</dt>
            <dd>
              <Kbd keys={keys} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
