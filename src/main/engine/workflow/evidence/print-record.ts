import { printCompact, printText } from '../../json/print.ts'
import type { JsonValue } from '../../json/value.ts'
import type { EvidenceRecord, Whereabouts } from './evidence-record.ts'

/** The text of a record: one JSON object on one line, with its fields in a fixed order. */
export function printRecord(record: EvidenceRecord): string {
  switch (record.kind) {
    case 'run':
      return printFields({
        ...record,
        source: fields({ ...record.source, files: fields(record.source.files) }),
        settings: fields(record.settings),
      })
    case 'enter':
      return printFields({ ...record, node: fields(record.node) })
    case 'step':
      return printStepFields(record)
    default:
      return printFields(record)
  }
}

/** By far the most frequent record, and therefore printed without a detour. */
function printStepFields(record: Extract<EvidenceRecord, { kind: 'step' }>): string {
  const subject = `{"kind":"step","visit":${record.visit},"step":${record.step},"id":${printText(record.id)}`
  const called = `,"name":${printText(record.name)},"operation":${printNullable(record.operation)}`
  const values = `,"inputs":${printCompact(record.inputs)},"outcome":${printText(record.outcome)},"answer":${printCompact(record.answer)}`
  const results = `,"output":${printCompact(record.output)},"failure":${printNullable(record.failure)}`
  const read = `,"clock":[${record.clock.join(',')}],"entropy":${printTexts(record.entropy)},"runs":${printTexts(record.runs)}`
  return `${subject}${called}${values}${results}${read},"at":${record.at},"ran":${printWhereabouts(record.ran)}}`
}

function printNullable(text: string | null): string {
  return text === null ? 'null' : printText(text)
}

function printTexts(texts: readonly string[]): string {
  return texts.length === 0 ? '[]' : printCompact(texts)
}

function printWhereabouts(ran: Whereabouts | null): string {
  return ran === null ? 'null' : printCompact(fields(ran))
}

function printFields(record: object): string {
  return printCompact(fields(record))
}

function fields(record: object): Map<string, JsonValue> {
  return new Map(Object.entries(record))
}
