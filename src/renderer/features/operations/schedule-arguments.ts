/** Arguments typed as a JSON array. Exactly one of the two is null. */
export function readArguments(
  text: string,
): { readonly values: unknown[]; readonly problem: null } | { readonly values: null; readonly problem: string } {
  try {
    const values: unknown = JSON.parse(text.trim() === '' ? '[]' : text)
    if (Array.isArray(values)) return { values, problem: null }
    return { values: null, problem: 'Write the arguments as an array: [1, "two"].' }
  } catch (error) {
    return { values: null, problem: `This is no JSON: ${error instanceof Error ? error.message : String(error)}` }
  }
}
