import { Badge } from '../../ui/badge.tsx'

const tones = { ok: 'good', cached: 'info', error: 'bad', killed: 'warn', timeout: 'warn', missing: 'bad' } as const

/** How the work ended; words of other programs as they are. */
export function StatusBadge({ status }: { readonly status: string }) {
  const tone = Object.hasOwn(tones, status) ? tones[status as keyof typeof tones] : 'neutral'
  return <Badge tone={tone}>{status}</Badge>
}
