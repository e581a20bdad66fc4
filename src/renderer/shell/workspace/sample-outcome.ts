import { z } from 'zod'
import type { TokenOutcome } from '../../../shared/contract/tokens.ts'
import { decodeValue } from '../../../shared/contract/values.ts'
import { formatPlural } from '../../ui/format.ts'
import type { ToastMessage } from '../../ui/toast.tsx'

/** What the operation `sample.run` returns: every result that it checked. */
const sampleResult = z.object({
  oracles: z.array(z.object({ name: z.string(), held: z.boolean(), detail: z.string() })),
})

/** How a run of the sample ended, in words. */
export function describeSampleOutcome({
  state,
  error,
  value,
}: TokenOutcome): Pick<ToastMessage, 'tone' | 'title' | 'text'> {
  if (state !== 'COMPLETED') {
    return { tone: state === 'KILLED' ? 'warn' : 'bad', title: `The sample ended as ${state}`, text: error?.message }
  }
  const result = sampleResult.safeParse(decodeValue(value))
  if (!result.success) return { tone: 'good', title: 'The sample has ended' }
  const { oracles } = result.data
  const wrong = oracles.filter((oracle) => !oracle.held)
  if (wrong.length === 0) {
    return {
      tone: 'good',
      title: 'The sample has ended',
      text: `All of ${formatPlural(oracles.length, 'checked result')} were right.`,
    }
  }
  return {
    tone: 'bad',
    title: `The sample has ended: ${formatPlural(wrong.length, 'wrong result')}`,
    text: wrong.map((oracle) => `${oracle.name}: ${oracle.detail}`).join('; '),
  }
}
