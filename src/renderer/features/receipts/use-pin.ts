import type { ProcedureOutput } from '../../../shared/contract/index.ts'
import { toErrorData } from '../../../shared/errors.ts'
import { useHost, useQuery } from '../../client/host-context.tsx'
import { useWriteBlock } from '../../client/write-block.ts'
import { formatPlural } from '../../ui/format.ts'
import { useToasts } from '../../ui/toast.tsx'

/** The contract takes so many at once. */
const atOnce = 1000

/** Holds the bodies of receipts, or lets them go again; offers to undo. */
export function usePin() {
  const host = useHost()
  const toasts = useToasts()
  const block = useWriteBlock()
  async function pin(ids: readonly string[], pinned: boolean, undoable = true): Promise<void> {
    try {
      let changed = 0
      for (let at = 0; at < ids.length; at += atOnce) {
        changed += (await host.call('receipts.pin', { ids: ids.slice(at, at + atOnce), pinned })).changed
      }
      toasts.show({
        tone: 'good',
        title: pinned
          ? `The bodies of ${formatPlural(changed, 'receipt')} are held`
          : `The bodies of ${formatPlural(changed, 'receipt')} may go`,
        text: pinned ? 'No collection removes them, whatever their age.' : undefined,
        action: undoable ? { label: 'Undo', run: () => void pin(ids, !pinned, false) } : undefined,
      })
    } catch (error) {
      const { message, hint } = toErrorData(error)
      toasts.show({ tone: 'bad', title: message, text: hint })
    }
  }
  return { pin, block }
}

/** Why there is nothing to hold of a receipt: it has no body, and belongs to no workflow run. Null when there is, or it is held. */
export function useNothingToHold({ id, pinned, artifacts }: ProcedureOutput<'receipts.get'>): string | null {
  const trail = useQuery('trail.of', { kind: 'receipt', id }, {})
  if (pinned || artifacts.some(({ state }) => state === 'kept')) return null
  if (trail.data === null || trail.data.runs.length > 0) return null
  return artifacts.length === 0 ? 'It has no bodies to hold.' : 'None of its bodies is there any more.'
}
