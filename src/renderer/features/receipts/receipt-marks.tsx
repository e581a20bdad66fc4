import { Badge } from '../../ui/badge.tsx'
import { formatDuration } from '../../ui/format.ts'

const tones = { ok: 'good', cached: 'info', error: 'bad', killed: 'warn', timeout: 'warn', missing: 'bad' } as const

/** How the work ended; words of other programs as they are. */
export function StatusBadge({ status }: { readonly status: string }) {
  const tone = Object.hasOwn(tones, status) ? tones[status as keyof typeof tones] : 'neutral'
  return <Badge tone={tone}>{status}</Badge>
}

/** Receipts know whole milliseconds, cut off. */
export function tookText(durationMs: number): string {
  if (durationMs > 0 && durationMs < 1000) return `${durationMs} ms`
  return durationMs === 0 ? '< 1 ms' : formatDuration(durationMs * 1000)
}
