import { type ReactNode, useState } from 'react'
import type { BusLane } from '../../../shared/contract/bus.ts'
import { toErrorData } from '../../../shared/errors.ts'
import { useHost } from '../../client/host-context.tsx'
import { useToasts } from '../../ui/toast.tsx'
import { LaneDialog, type LaneQuestion } from './lane-dialog.tsx'

export type LaneCommandName = 'pause' | 'resume' | 'drain' | 'kill'

export interface LaneRequests {
  /** Pause and resume run at once and offer to undo; drain and kill show what they touch and ask first. */
  readonly request: (lane: BusLane, command: LaneCommandName) => void
  readonly dialog: ReactNode
}

const opposites = { pause: 'resume', resume: 'pause' } as const

/** The one way to pause, resume, drain and kill a lane. `onDone`: something has changed. */
export function useLaneRequests(onDone: () => void): LaneRequests {
  const host = useHost()
  const toasts = useToasts()
  const [question, setQuestion] = useState<LaneQuestion | null>(null)
  async function runAtOnce(lane: string, command: 'pause' | 'resume', undoable: boolean) {
    try {
      await host.call('bus.laneCommand', { lane, command })
      toasts.show({
        tone: command === 'pause' ? 'warn' : 'good',
        title: `Lane ${lane} ${command}d`,
        text: command === 'pause' ? 'Nothing more is taken from it; what runs goes on.' : undefined,
        topic: `lane ${lane}`,
        action: undoable ? { label: 'Undo', run: () => void runAtOnce(lane, opposites[command], false) } : undefined,
      })
      onDone()
    } catch (error) {
      const { message, hint } = toErrorData(error)
      toasts.show({ tone: 'bad', title: message, text: hint })
    }
  }
  return {
    request: ({ lane, waiting, work }, command) => {
      if (lane === null) return
      if (command === 'pause' || command === 'resume') void runAtOnce(lane, command, true)
      else setQuestion({ lane, command, waiting, running: work?.running ?? 0 })
    },
    dialog:
      question === null ? null : (
        <LaneDialog
          question={question}
          onClose={(done) => {
            setQuestion(null)
            if (done) onDone()
          }}
        />
      ),
  }
}
