import { expect, test } from 'vitest'
import { stackFrames } from './source-position.ts'

test('frames in files are read from a stack, without versions', () => {
  const stack = [
    'Error: at nothing (file:///x.ts:1:1)',
    '    at run (file:///work%20space/a.ops.ts?v=1a:12:5)',
    '    at file:///b.ts:3:4',
    '    at async Images.make (/with (brackets)/c.ts:8:4)',
    '    at /with (brackets)/d.ts:9:1',
    '    at new Thing (C:\\code\\e.ts:2:2)',
    '    at ModuleJob.run (node:internal/modules/esm/module_job:561:25)',
    '    at <anonymous>',
    '    at Array.map (native)',
  ].join('\n')
  expect(stackFrames(stack).slice(0, 4)).toEqual([
    { path: '/work space/a.ops.ts', line: 12, column: 5 },
    { path: '/b.ts', line: 3, column: 4 },
    { path: '/with (brackets)/c.ts', line: 8, column: 4 },
    { path: '/with (brackets)/d.ts', line: 9, column: 1 },
  ])
  expect(stackFrames(stack)).toHaveLength(5)
})
