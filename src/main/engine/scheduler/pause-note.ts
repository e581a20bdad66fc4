/** Who has paused the gate or an operation, and why; `at` in engine microseconds. */
export interface PauseNote {
  readonly actor: string
  readonly reason: string
  readonly at: number
}

/** What follows `was paused` in a sentence: by whom, how long ago, why. */
export function describePause({ actor, reason, at }: PauseNote, now: number): string {
  return ` by ${actor} ${agoText((now - at) / 1e6)}${reason === '' ? '' : ` (${reason})`}`
}

function agoText(seconds: number): string {
  if (seconds < 1) return 'just now'
  if (seconds < 120) return `${Math.floor(seconds)} s ago`
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min ago`
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)} h ago` : `${Math.floor(seconds / 86_400)} days ago`
}
