import type { TokenLogLine } from '../../../shared/contract/tokens.ts'

export type LogLevel = TokenLogLine['level']

/** From the least to the most serious. */
export const logLevels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

/** Lines at least as serious as `least` that have `text` in them, without regard to case. */
export function filterLog(log: readonly TokenLogLine[], least: LogLevel, text: string): readonly TokenLogLine[] {
  const wanted = text.trim().toLowerCase()
  const from = logLevels.indexOf(least)
  return log.filter((line) => logLevels.indexOf(line.level) >= from && line.text.toLowerCase().includes(wanted))
}

/** One line each: time, level, text. */
export function logAsText(log: readonly TokenLogLine[], time: (line: TokenLogLine) => string): string {
  return log.map((line) => `${time(line)} ${line.level.toUpperCase().padEnd(5)} ${line.text}`).join('\n')
}
