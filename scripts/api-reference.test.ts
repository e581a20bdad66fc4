import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { apiDocument, withReference } from './api-reference.ts'

test('docs/api.md describes the contract as it is', () => {
  const document = readFileSync(apiDocument, 'utf8')
  expect(document, 'run: node scripts/api-reference.ts').toBe(withReference(document))
})
