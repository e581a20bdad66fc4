import { expect, test } from 'vitest'
import { RecordedTerminal } from './command.fixture.ts'
import { noteModuleProblems } from './module-problems.ts'

test('a module that does not load is told with the line that is wrong and what to do', () => {
  const terminal = new RecordedTerminal()
  const message = 'a.ops.ts:2:9: Expected "=" but found ";"\nexport const a ;\n               ^'
  noteModuleProblems(
    [
      {
        module: 'a.ops.ts',
        state: 'failed',
        error: { kind: 'module-failed', message, hint: 'Look there.' },
        operations: [],
      },
      { module: 'b.ops.ts', state: 'loaded', error: null, operations: ['b'] },
    ],
    terminal,
  )
  expect(terminal.errors).toBe(`a.ops.ts does not load: ${message}\n  Look there.\n`)
})
