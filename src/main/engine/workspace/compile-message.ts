/** One source file as the snapshot of a workspace has it. */
export interface CompileFile {
  /** Absolute path. */
  readonly path: string
  readonly hash: string
}

/** What the thread that compiles is given. It answers with one message, whatever it holds, when it is done. */
export interface CompileData {
  readonly codeCache: string
  readonly files: readonly CompileFile[]
}
