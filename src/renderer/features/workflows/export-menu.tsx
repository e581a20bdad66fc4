import { Download } from 'lucide-react'
import { toErrorData } from '../../../shared/errors.ts'
import { useHost } from '../../client/host-context.tsx'
import { layoutOf } from '../../graph/graph-layout.ts'
import { Button } from '../../ui/button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { saveFile } from '../../ui/save-file.ts'
import { useToasts } from '../../ui/toast.tsx'
import { graphPicture, runMarkdown, svgToPng } from './run-export.ts'
import { type ShownRun, shapeOf } from './use-run.ts'

/** Events read at once while a run is saved. */
const pageEvents = 1000

/** Saves a run as a summary, a picture, or its events. */
export function ExportMenu({ run, shown }: { readonly run: string; readonly shown: ShownRun }) {
  const host = useHost()
  const toasts = useToasts()
  const { detail, progress } = shown
  const saving = (save: () => Promise<void>) => () => {
    save().catch((error: unknown) => {
      toasts.show({ tone: 'bad', title: `It could not be saved: ${toErrorData(error).message}` })
    })
  }
  const picture = async (): Promise<string> => {
    if (detail === null || progress === null) throw new Error('the run is not read yet')
    return graphPicture(detail, progress, await layoutOf(shapeOf(detail.graph)))
  }
  const events = async () => {
    const parts: string[] = []
    for (let offset = 0; ; offset += pageEvents) {
      const page = await host.call('workflows.events', { run, offset, limit: pageEvents })
      parts.push(page.events.join('\n'), '\n')
      if (page.events.length < pageEvents) break
    }
    saveFile(`${run}.jsonl`, 'application/x-ndjson', parts.join(''))
  }
  const waiting = detail === null ? 'The run is not read yet.' : null
  return (
    <Menu trigger={<Button icon={<Download size={14} aria-hidden="true" />}>Save as…</Button>} align="end">
      <MenuItem
        disabledReason={waiting}
        onSelect={() =>
          detail === null || progress === null
            ? undefined
            : saveFile(`${run}.md`, 'text/markdown', runMarkdown(detail, progress))
        }
      >
        Summary (Markdown)
      </MenuItem>
      <MenuItem
        disabledReason={waiting}
        onSelect={saving(async () => saveFile(`${run}.svg`, 'image/svg+xml', await picture()))}
      >
        Picture (SVG)
      </MenuItem>
      <MenuItem
        disabledReason={waiting}
        onSelect={saving(async () => saveFile(`${run}.png`, 'image/png', await svgToPng(await picture())))}
      >
        Picture (PNG)
      </MenuItem>
      <MenuItem onSelect={saving(events)}>Events (JSON lines)</MenuItem>
    </Menu>
  )
}
