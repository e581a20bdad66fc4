import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { assertDefined } from '../src/shared/assert.ts'

// Far beyond any measurement here; a pool that hangs must not hang the run.
const longestMeasurementMs = 600_000

// The built product carries no types that have to be stripped whenever a thread starts, so they are stripped once here too.
const compileCache = fileURLToPath(new URL('results/compile-cache', import.meta.url))

/**
 * Runs one measurement in a process of its own, where nothing of the other measurements is left in heap, compiler or threads.
 * Rejects when the process ends without an answer; what it wrote to standard error has been shown by then.
 */
export function measureInChild<Output>(
  entry: URL,
  input: object,
  nodeOptions: readonly string[] = [],
): Promise<Output> {
  const child = fork(entry, [JSON.stringify(input)], {
    execArgv: [...nodeOptions],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
    timeout: longestMeasurementMs,
    serialization: 'advanced',
  })
  return new Promise((resolve, reject) => {
    child.once('message', (answer) => resolve(answer as Output))
    child.once('error', reject)
    child.once('exit', (code, signal) =>
      reject(new Error(`the measurement ${JSON.stringify(input)} ended with ${signal ?? `exit code ${code}`}`)),
    )
  })
}

/** For the child's entry: measures what the parent asked for, answers, and ends the process, whatever a pool may still hold. */
export async function answerParent<Input, Output>(measure: (input: Input) => Promise<Output>): Promise<void> {
  const input = JSON.parse(assertDefined(process.argv[2], 'the parent passes what to measure')) as Input
  const output = await measure(input)
  process.send?.(output, () => process.exit(0))
}
