import { useEffect, useRef, useState } from 'react'
import { toErrorData } from '../../../shared/errors.ts'
import { useHost } from '../../client/host-context.tsx'
import { useRouter } from '../../shell/router-context.tsx'
import { formatCount } from '../../ui/format.ts'
import { useToasts } from '../../ui/toast.tsx'
import { changeFilter, everyToken, tokensPath } from '../tokens/index.ts'
import { type Launched, type LaunchPlan, launch } from './launch.ts'
import { waitFor } from './wait-for.ts'

/** Carries out one plan at a time and says how it went. Bursts stop when the form is left. */
export function useLauncher(operation: string) {
  const host = useHost()
  const toasts = useToasts()
  const router = useRouter()
  const [submitted, setSubmitted] = useState<number | null>(null)
  const stopping = useRef<AbortController | null>(null)
  useEffect(() => () => stopping.current?.abort(), [])

  function tell({ count, first }: Launched) {
    const filter = changeFilter({}, { operations: [operation] })
    const place = count === 1 ? { ...everyToken, id: first } : { ...everyToken, filter }
    toasts.show({
      tone: 'good',
      title: count === 1 ? `Launched ${operation}` : `Launched ${formatCount(count)} tokens of ${operation}`,
      action: { label: count === 1 ? 'Show token' : 'Show tokens', run: () => router.go(tokensPath(place)) },
    })
  }

  async function run(plan: LaunchPlan, signal: AbortSignal) {
    try {
      const launched = await launch(plan, { call: host.call, wait: waitFor, onProgress: setSubmitted, signal })
      if (launched !== null) tell(launched)
    } catch (error) {
      const { message, hint } = toErrorData(error)
      toasts.show({ tone: 'bad', title: `${operation} could not be launched: ${message}`, text: hint })
    } finally {
      setSubmitted(null)
    }
  }

  return {
    /** Tokens submitted so far; null when nothing is under way. */
    submitted,
    start(plan: LaunchPlan) {
      stopping.current = new AbortController()
      setSubmitted(0)
      void run(plan, stopping.current.signal)
    },
    stop: () => stopping.current?.abort(),
  }
}
