import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { openTerminal } from './terminal.ts'

function streams({ isTTY = false } = {}) {
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()].map((stream) =>
    Object.assign(stream, { isTTY, columns: 100, setRawMode: () => stream }),
  )
  return { input, output, errors } as unknown as Parameters<typeof openTerminal>[0] & {
    readonly input: PassThrough
    readonly output: PassThrough
    readonly errors: PassThrough
  }
}

test('the answer goes to standard output and everything else to standard error', () => {
  const { input, output, errors } = streams()
  const terminal = openTerminal({ input, output, errors })
  terminal.print('answer')
  terminal.printJson({ a: 1 })
  terminal.note('by the way')
  expect(String(output.read())).toBe('answer\n{\n  "a": 1\n}\n')
  expect(String(errors.read())).toBe('by the way\n')
})

test('a file has no width and nobody to ask', async () => {
  const terminal = openTerminal(streams())
  expect([terminal.width, terminal.interactive]).toEqual([null, false])
  expect(await terminal.confirm('Sure?')).toBe(false)
})

test.each([
  ['y\n', true],
  ['Yes\n', true],
  ['n\n', false],
  ['\n', false],
  ['maybe\n', false],
])('the answer %j means %j', async (answer, agreed) => {
  const { input, output, errors } = streams({ isTTY: true })
  const confirmed = openTerminal({ input, output, errors }).confirm('Sure?')
  input.write(answer)
  expect(await confirmed).toBe(agreed)
})

test('who leaves without an answer has not agreed', async () => {
  const { input, output, errors } = streams({ isTTY: true })
  const confirmed = openTerminal({ input, output, errors }).confirm('Sure?')
  input.end()
  expect(await confirmed).toBe(false)
})

test('a reader that has seen enough is no error, anything else is', () => {
  const { input, output, errors } = streams()
  openTerminal({ input, output, errors })
  expect(() => output.emit('error', Object.assign(new Error('broken'), { code: 'EPIPE' }))).not.toThrow()
  expect(() => output.emit('error', Object.assign(new Error('full'), { code: 'ENOSPC' }))).toThrow('full')
})
