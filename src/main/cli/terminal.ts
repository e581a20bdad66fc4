import { createInterface } from 'node:readline/promises'
import type { Readable } from 'node:stream'
import { styleText } from 'node:util'

export type TextStyle = Parameters<typeof styleText>[0]

/** Where a command writes and whom it may ask. */
export interface Terminal {
  /** One or several lines of the answer itself, on standard output. */
  print(text: string): void
  /** The answer as one JSON document. */
  printJson(value: unknown): void
  /** A line about the work, on standard error, so that it never mixes with the answer. */
  note(text: string): void
  /** Columns of the terminal that shows the answer, null when a file or program reads it. */
  readonly width: number | null
  /** True when a person can be asked. */
  readonly interactive: boolean
  /** Colours text of the answer, where colours are wanted. */
  style(style: TextStyle, text: string): string
  /** Asks a yes-or-no question on standard error; anything but yes is no. */
  confirm(question: string): Promise<boolean>
}

interface TerminalStreams {
  readonly input: Readable & { readonly isTTY?: boolean }
  readonly output: NodeJS.WriteStream
  readonly errors: NodeJS.WriteStream
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  return openTerminal({ input: process.stdin, output: process.stdout, errors: process.stderr })
}

export function openTerminal({ input, output, errors }: TerminalStreams): Terminal {
  output.on('error', ignoreBrokenPipe)
  errors.on('error', ignoreBrokenPipe)
  const interactive = input.isTTY === true && errors.isTTY === true
  return {
    print: (text) => void output.write(`${text}\n`),
    printJson: (value) => void output.write(`${JSON.stringify(value, null, 2)}\n`),
    note: (text) => void errors.write(`${text}\n`),
    width: output.isTTY ? output.columns : null,
    interactive,
    // It looks at NO_COLOR and at whether the stream is a terminal.
    style: (style, text) => styleText(style, text, { stream: output }),
    async confirm(question) {
      if (!interactive) return false
      const dialog = createInterface({ input, output: errors })
      try {
        // Ctrl-C and Ctrl-D close the dialog without an answer.
        const closed = new Promise<string>((resolve) => dialog.once('close', () => resolve('')))
        const answer = await Promise.race([dialog.question(`${question} [y/N] `), closed])
        return /^y(es)?$/i.test(answer.trim())
      } finally {
        dialog.close()
      }
    },
  }
}

/** The reader has seen enough (`guardhouse tokens | head`): the rest goes nowhere, and that is no error. */
function ignoreBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}
