import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import type { Tuple } from '../../../../shared/model/bus.ts'
import { asTuple, parsePlain } from '../parse-tuple.ts'
import { logParts } from './log-segments.ts'

export interface LogProblem {
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly why: string
}

export interface LogReplay {
  /** What was put and not taken, in order of arrival. */
  readonly tuples: readonly Tuple[]
  readonly lines: number
  /** Lines that were skipped, the first hundred; `skipped` counts all. */
  readonly problems: readonly LogProblem[]
  readonly skipped: number
}

const keptProblems = 100

/**
 * Reads every part of a log. An `out` whose id is there already is skipped, as is an `in` of what is not there. A line that
 * is none, such as one that a crash cut in half, is reported and skipped. An `out` that replaces another takes that one away. `isDone` drops tuples whose work is known to be
 * finished though nothing says that they were taken, as by a receipt.
 */
export async function replayLog(path: string, isDone: (tuple: Tuple) => boolean = () => false): Promise<LogReplay> {
  const tuples = new Map<string, Tuple>()
  const problems: LogProblem[] = []
  let lines = 0
  let skipped = 0
  for (const file of await logParts(path)) {
    let line = 0
    const skip = (why: string) => {
      skipped += 1
      if (problems.length < keptProblems) problems.push({ file, line, why })
    }
    try {
      for await (const text of linesOf(file)) {
        line += 1
        if (text === '') continue
        lines += 1
        try {
          replayLine(text, tuples)
        } catch (error) {
          skip(`not a line of the log: ${error instanceof Error ? error.message : String(error)}`)
        }
      }
    } catch (error) {
      skip(`the rest cannot be read: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return { tuples: [...tuples.values()].filter((tuple) => !isDone(tuple)), lines, problems, skipped }
}

function replayLine(text: string, tuples: Map<string, Tuple>): void {
  const record = parsePlain(text) as { readonly [field: string]: unknown } | null
  const tuple = asTuple(record?.tuple)
  if (record?.op === 'out') {
    if (typeof record.replaces === 'string') tuples.delete(record.replaces)
    if (!tuples.has(tuple.id)) tuples.set(tuple.id, tuple)
  } else if (record?.op === 'in') tuples.delete(tuple.id)
  else throw new Error(`op is ${JSON.stringify(record?.op)}, known are "out" and "in"`)
}

/** The lines of a part, packed or not, without their ends. Only a newline ends one: texts may hold other separators as they are. */
export async function* linesOf(file: string): AsyncGenerator<string> {
  const raw = createReadStream(file, { highWaterMark: 1 << 20 })
  const source = file.endsWith('.gz') ? raw.pipe(createGunzip({ chunkSize: 1 << 18 })) : raw
  // A stream that breaks must break the one behind it too.
  raw.on('error', (error) => source.destroy(error))
  source.setEncoding('utf8')
  let rest = ''
  try {
    for await (const chunk of source) {
      const pieces = (rest + (chunk as string)).split('\n')
      rest = pieces.pop() ?? ''
      yield* pieces
    }
    if (rest !== '') yield rest
  } finally {
    raw.destroy()
  }
}
