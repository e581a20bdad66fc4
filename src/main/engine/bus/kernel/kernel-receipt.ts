import { hash } from 'node:crypto'
import type { TupleValue } from '../../../../shared/model/bus.ts'
import { canonicalText } from '../tuple-text.ts'

/** What the kernel did, as an audit text: `kind@` and the SHA-256 of the canonical JSON of what it was done with and to. */
export function kernelReceipt(kind: string, subject: { readonly [key: string]: TupleValue }): string {
  return `${kind}@${digestOf(subject)}`
}

/** SHA-256 of the canonical JSON, 64 hexadecimal digits. */
export function digestOf(value: TupleValue): string {
  return hash('sha256', canonicalText(value), 'hex')
}
