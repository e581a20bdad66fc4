import { typeName } from '../../json/describe.ts'
import { equals } from '../../json/equality.ts'
import { integer, isArray, isInteger, type JsonInteger, type JsonValue, object } from '../../json/value.ts'
import { required, requiredObject } from './inputs.ts'
import { defineTransform, TransformError } from './transform.ts'

/** The Collatz sequence of every number down to 1, under the number's text. */
export const collatzStep = defineTransform('CT_PURE_COLLATZ_STEP_V0', (inputs) => {
  const numbers = required(inputs, 'numbers')
  if (!isArray(numbers)) throw new TransformError(`'numbers' must be a list, got ${typeName(numbers)}`)
  const sequences = new Map<string, JsonValue>()
  for (const number of numbers) {
    if (!isInteger(number)) {
      throw new TransformError(`each number must be a positive integer, got ${typeName(number)}`)
    }
    if (number < 1) throw new TransformError(`each number must be >= 1, got ${number}`)
    sequences.set(String(number), sequenceFrom(number))
  }
  return object({ sequences })
})

/** Which sequences do not end with 1. */
export const terminationCheck = defineTransform('CT_PURE_TERMINATION_CHECK_V0', (inputs) => {
  const sequences = requiredObject(inputs, 'sequences')
  const open = [...sequences].filter(([, sequence]) => !endsWithOne(sequence)).map(([name]) => name)
  return object({ all_terminate: open.length === 0, non_terminating: open })
})

function sequenceFrom(start: JsonInteger): JsonInteger[] {
  const sequence = [start]
  for (let number = BigInt(start); number !== 1n; ) {
    number = number % 2n === 0n ? number / 2n : 3n * number + 1n
    sequence.push(integer(number))
  }
  return sequence
}

function endsWithOne(sequence: JsonValue): boolean {
  if (!isArray(sequence)) return false
  const last = sequence.at(-1)
  return last !== undefined && equals(last, 1)
}
