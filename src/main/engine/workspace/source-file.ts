/** Which files of a workspace are code, told from their names. */

export function isOperationsModule(path: string): boolean {
  return /\.ops\.(?:ts|mts|js|mjs)$/.test(path)
}

export function isSourceFile(path: string): boolean {
  return /\.[mc]?[tj]s$/.test(path)
}

export function isTypeScript(path: string): boolean {
  return /\.[mc]?ts$/.test(path)
}
