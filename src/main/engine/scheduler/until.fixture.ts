/** Longest that a condition may take; only a fault takes that long. Milliseconds. */
const longest = 30_000

/** Waits until the condition holds, and looks again a millisecond later when it does not. Rejects with what it waited for. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + longest
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}
