/** What to show of a thrown value inside a sentence: a module loader's message goes on with a stack of paths. */
export function firstLine(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown)
  return text.split('\n')[0] ?? text
}
