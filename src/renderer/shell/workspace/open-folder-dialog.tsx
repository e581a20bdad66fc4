import { useRef, useState } from 'react'
import { useFacts } from '../../client/host-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import styles from './open-folder-dialog.module.css'
import { useWorkspaceActions } from './workspace-actions.ts'

/** Asks for the path of a folder where no system dialog can: a browser may not tell a page where a folder lies. */
export function OpenFolderDialog({ onClose }: { readonly onClose: () => void }) {
  const actions = useWorkspaceActions()
  const recent = useFacts((facts) => facts.workspace?.recent ?? [])
  const [path, setPath] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const [opening, setOpening] = useState(false)
  const blocked = actions.disabledReason ?? (path.trim() === '' ? 'Write the path of a folder.' : null)

  async function open(folder: string) {
    setOpening(true)
    const workspace = await actions.open(folder)
    setOpening(false)
    if (workspace !== null) onClose()
  }

  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Open workspace"
      description="A folder whose *.ops.ts and *.ops.js files hold operations. A folder opened for the first time asks for trust before any of its code runs."
      initialFocus={field}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            disabledReason={opening ? 'It is being opened.' : blocked}
            onClick={() => void open(path.trim())}
          >
            Open
          </Button>
        </>
      }
    >
      <Field label="Folder on the host's machine" hint="The whole path, as the host sees it.">
        {(control) => (
          <TextInput
            {...control}
            ref={field}
            value={path}
            onValueChange={setPath}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && blocked === null) void open(path.trim())
            }}
          />
        )}
      </Field>
      {recent.length === 0 ? null : (
        <section>
          <h3 className={styles.heading}>Opened before</h3>
          <ul>
            {recent.map((folder) => (
              <li key={folder}>
                <Button
                  variant="quiet"
                  className={styles.recent}
                  disabledReason={actions.disabledReason}
                  onClick={() => void open(folder)}
                >
                  {folder}
                </Button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Dialog>
  )
}
