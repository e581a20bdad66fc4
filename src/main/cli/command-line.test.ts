import { expect, test } from 'vitest'
import { GuardhouseError } from '../../shared/errors.ts'
import { runCommand } from './command.fixture.ts'
import { type Command, defineCommand } from './command.ts'
import { commands } from './commands.ts'
import { exitCodes } from './exit-code.ts'

function failing(error: unknown): Command {
  return defineCommand({
    name: 'fail',
    parameters: '',
    summary: 'Fail',
    positionals: { least: 0, most: 0 },
    options: {},
    run: () => Promise.reject(error),
  })
}

test('the version is that of the package', async () => {
  expect(await runCommand(commands, ['--version'])).toEqual({ code: 0, output: '1.2.3\n', errors: '' })
})

test.each([[['--help']], [['-h']], [['help']]])('%j lists every command', async (words) => {
  const { code, output } = await runCommand(commands, words)
  expect(code).toBe(0)
  for (const { name, summary } of commands) expect(output).toMatch(new RegExp(`^  ${name}\\b.*  ${summary}$`, 'm'))
})

test('nothing at all is bad usage, answered with the list', async () => {
  const { code, output, errors } = await runCommand(commands, [])
  expect([code, output]).toEqual([2, ''])
  expect(errors).toContain('usage: guardhouse <command> [options]')
})

test.each(commands.map(({ name }) => name))('%s --help describes every option of it', async (name) => {
  const command = commands.find((each) => each.name === name)
  const { code, output } = await runCommand(commands, [name, '--help'])
  expect(code).toBe(0)
  expect(output).toContain(`usage: guardhouse ${name}`)
  for (const option of Object.keys({ ...command?.options, json: 0, help: 0 })) expect(output).toContain(`--${option}`)
  expect((await runCommand(commands, ['help', name])).output).toBe(output)
})

test.each([
  [['serv'], 'there is no command "serv"; did you mean serve?'],
  [['launch-rockets'], 'there is no command "launch-rockets"; see guardhouse --help'],
  [['serve', '--prot', '1'], '"serve" has no option --prot; did you mean --port?'],
  [['serve', '--port', 'x'], '--port must be a whole number from 0 to 65535, not "x"'],
  [['serve', '--address', '0.0.0.0'], 'Guardhouse listens on 127.0.0.1 only, not on "0.0.0.0"'],
  [['serve', import.meta.filename], `${import.meta.filename} is a file; a workspace is a folder`],
  [['tokens', '--state', 'runing'], '--state cannot be "runing"; it is one of CREATED, WAITING, ADMITTED'],
  [['tokens', '--sort', 'wait'], '--sort cannot be "wait"; did you mean waited?'],
  [['tokens', '--limit', '1001'], '--limit must be a whole number from 1 to 1000, not "1001"'],
  [['submit'], 'something is missing: guardhouse submit <operation> [json...]'],
  [['submit', 'a', 'text'], `argument 1 is not JSON: text (a text is written '"text"')`],
  [['submit', 'a', '--timeout', '-1'], '--timeout must be a number from 1 to 86400000, not "-1"'],
  [['submit', 'a', '--wait', '--count', '2'], '--wait and --count cannot be combined: there is no single result'],
  [['kill'], 'say what to kill: --all, --operation NAME, or the ids of tokens'],
  [['kill', '--all', 'x/1'], 'say only one of these: --all, --operation NAME, or the ids of tokens'],
])('%j exits with 2 and one clear sentence', async (words, sentence) => {
  const { code, output, errors } = await runCommand(commands, words)
  expect(errors).toContain(`guardhouse: ${sentence}`)
  expect([code, output]).toEqual([exitCodes.badUsage, ''])
})

test('a folder that is not there exits with 1', async () => {
  const { code, errors } = await runCommand(commands, ['serve', '/no/such/folder'])
  expect(code).toBe(1)
  expect(errors).toContain('there is no folder /no/such/folder')
})

test('an error is told with its hint, without escape sequences, its causes and its stack', async () => {
  const error = new GuardhouseError('conflict', 'it\u001b[2J broke', {
    hint: 'Mend it.',
    cause: new RangeError('too far'),
  })
  const { code, errors } = await runCommand([failing(error)], ['fail'])
  expect(code).toBe(1)
  expect(errors).toBe('guardhouse: it\uFFFD[2J broke\n  Mend it.\n')
})

test('a fault of ours shows where it happened and why', async () => {
  const fault = new TypeError('x is not a function', { cause: new RangeError('too far') })
  const { code, errors } = await runCommand([failing(fault)], ['fail'])
  expect(code).toBe(1)
  expect(errors).toContain('guardhouse: TypeError: x is not a function\n  because RangeError: too far\n')
  expect(errors).toContain('command-line.test.ts')
})

test('with --json an error is one JSON line on standard error', async () => {
  const { output, errors } = await runCommand(commands, ['serv', '--json'])
  expect(output).toBe('')
  expect(JSON.parse(errors)).toEqual({
    error: { kind: 'bad-request', message: 'there is no command "serv"; did you mean serve?' },
  })
})
