import { Minus, Plus } from 'lucide-react'
import { useState } from 'react'
import { toErrorData } from '../../../shared/errors.ts'
import { useHost, useTelemetry } from '../../client/host-context.tsx'
import { useWriteBlock } from '../../client/write-block.ts'
import { IconButton } from '../../ui/button.tsx'
import { useToasts } from '../../ui/toast.tsx'
import styles from './core-lanes.module.css'

/** How many workers of a core routing may use, and two buttons to change it. */
export function PatternControl({ core, workers }: { readonly core: number; readonly workers: number }) {
  const host = useHost()
  const toasts = useToasts()
  const block = useWriteBlock()
  const pattern = useTelemetry((frame) => frame?.cores.pattern[core - 1] ?? 0, 100)
  const [asking, setAsking] = useState(false)

  async function set(next: number) {
    setAsking(true)
    try {
      await host.call('cores.setPattern', { core, pattern: next })
    } catch (error) {
      const { message, hint } = toErrorData(error)
      toasts.show({ tone: 'bad', title: message, text: hint })
    } finally {
      setAsking(false)
    }
  }

  const busy = asking ? 'The change is under way.' : null
  return (
    <div className={styles.stepper}>
      <IconButton
        label={`One worker less on core ${core}`}
        size="small"
        icon={<Minus size={12} aria-hidden="true" />}
        disabledReason={block ?? busy ?? (pattern <= 1 ? 'Routing uses at least one worker.' : null)}
        onClick={() => void set(pattern - 1)}
      />
      <span>
        {pattern} of {workers}
      </span>
      <IconButton
        label={`One worker more on core ${core}`}
        size="small"
        icon={<Plus size={12} aria-hidden="true" />}
        disabledReason={block ?? busy ?? (pattern >= workers ? `Core ${core} has no more workers.` : null)}
        onClick={() => void set(pattern + 1)}
      />
    </div>
  )
}
