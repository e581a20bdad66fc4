import fc from 'fast-check'
import type { TupleValue } from '../../../shared/model/bus.ts'

const texts = fc.oneof(
  fc.constantFrom('', 'a', 'é', '\u2028', '"\\\n', '\u{1f600}', '\uffff', 'toString'),
  fc.string({ unit: 'binary', maxLength: 5 }).filter((text) => text.isWellFormed()),
)
const scalars = fc.oneof(
  fc.constantFrom<TupleValue>(null, true, false, 0, 1, '1', 1n, 2n ** 64n, -(2n ** 64n), 0.1, 1e21, 5e-324),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  texts,
)

/** Whatever a tuple may hold under one of its fields; small, so that two of them are often alike. */
export const anyTupleValue: fc.Arbitrary<TupleValue> = fc.letrec<{ value: TupleValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalars,
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .dictionary(
        texts.filter((key) => key !== '__proto__'),
        tie('value'),
        { maxKeys: 3, noNullPrototype: true },
      )
      .map((fields) => fields as TupleValue),
  ),
})).value
