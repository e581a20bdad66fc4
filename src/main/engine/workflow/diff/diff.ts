import type { JsonValue } from '../../json/value.ts'
import type { EvidenceReader } from '../evidence/evidence-reader.ts'
import type { EvidenceRecord, NodeName } from '../evidence/evidence-record.ts'
import { placeOf } from '../evidence/place.ts'
import { compareRecords, compareValues, type FieldDifference } from '../replay/compare-records.ts'
import { align, type Pair } from './align.ts'
import { causeOf } from './cause.ts'
import { readVisits, type Visit, type VisitedRun } from './run-visits.ts'

/** One side of the place where two runs part. */
export interface DivergenceSide {
  /** Null: this run has nothing here. */
  readonly record: EvidenceRecord | null
  readonly place: string
  readonly value: JsonValue
  readonly cause: string
}

export interface Divergence {
  readonly field: string
  readonly left: DivergenceSide
  readonly right: DivergenceSide
}

export interface RunDiff {
  readonly left: VisitedRun
  readonly right: VisitedRun
  /** What the runs were given differently: workflow, snapshot, payload. */
  readonly given: readonly FieldDifference[]
  /** Where anything that a run did first differs; null: nowhere. */
  readonly first: Divergence | null
  /** Where the runs first answer otherwise or go another way; values alone do not count here. */
  readonly turn: Divergence | null
  /** Visits that stand beside each other, as indexes into the visits of both. */
  readonly pairs: readonly Pair[]
  readonly same: boolean
}

/** Aligns two runs and finds where they part, and why. Times, ids of traces and where something ran do not count. */
export function diff(leftReader: EvidenceReader, rightReader: EvidenceReader): RunDiff {
  const left = readVisits(leftReader)
  const right = readVisits(rightReader)
  const pairs = align(idsOf(left), idsOf(right))
  const compared = new Comparison(left, right)
  const given = givenDifferences(left, right)
  const first = compared.find(pairs, [])
  return {
    left,
    right,
    given,
    first,
    turn: compared.find(pairs, valueFields),
    pairs,
    same: given.length === 0 && first === null,
  }
}

const valueFields = ['inputs', 'answer', 'output', 'failure', 'error']
/** Of the one run alone. */
const ownFields = ['visit', 'visits', 'steps', 'clock', 'entropy', 'trace']

class Comparison {
  readonly #left: VisitedRun
  readonly #right: VisitedRun
  readonly #nodes: readonly [ReadonlyMap<number, NodeName>, ReadonlyMap<number, NodeName>]

  constructor(left: VisitedRun, right: VisitedRun) {
    this.#left = left
    this.#right = right
    this.#nodes = [nodesOf(left), nodesOf(right)]
  }

  /** The first difference along aligned visits. Fields in `skipped` are not looked at. */
  find(pairs: readonly Pair[], skipped: readonly string[]): Divergence | null {
    for (const { left, right } of pairs) {
      const found = this.#visits(this.#left.visits[left ?? -1], this.#right.visits[right ?? -1], skipped)
      if (found !== null) return found
    }
    return this.#records(this.#left.end, this.#right.end, skipped)
  }

  #visits(left: Visit | undefined, right: Visit | undefined, skipped: readonly string[]): Divergence | null {
    const entered = this.#records(left?.enter ?? null, right?.enter ?? null, skipped)
    if (entered !== null || left === undefined || right === undefined) return entered
    for (let index = 0; index < Math.max(left.steps.length, right.steps.length); index += 1) {
      const found = this.#records(left.steps[index] ?? null, right.steps[index] ?? null, skipped)
      if (found !== null) return found
    }
    return this.#records(left.leave, right.leave, skipped)
  }

  #records(left: EvidenceRecord | null, right: EvidenceRecord | null, skipped: readonly string[]): Divergence | null {
    if (left === null || right === null) {
      if (left === right) return null
      return this.#divergence(left, right, { field: 'kind', left: left?.kind ?? null, right: right?.kind ?? null })
    }
    const found = compareRecords(left, right, [...skipped, ...ownFields])
    return found === null ? null : this.#divergence(left, right, found)
  }

  #divergence(left: EvidenceRecord | null, right: EvidenceRecord | null, found: FieldDifference): Divergence {
    const side = (
      own: EvidenceRecord | null,
      other: EvidenceRecord | null,
      value: JsonValue,
      at: 0 | 1,
    ): DivergenceSide => ({
      record: own,
      place: own === null ? 'nowhere' : placeOf(own, this.#nodes[at]),
      value,
      cause: causeOf(own, other, found, value, at === 0 ? this.#left : this.#right),
    })
    return { field: found.field, left: side(left, right, found.left, 0), right: side(right, left, found.right, 1) }
  }
}

function givenDifferences({ run: left }: VisitedRun, { run: right }: VisitedRun): FieldDifference[] {
  const values: readonly (readonly [string, JsonValue, JsonValue])[] = [
    ['workflow', left.workflow, right.workflow],
    ['snapshot', left.source.hash, right.source.hash],
    ['capabilities', left.source.capabilities, right.source.capabilities],
    ['turnedAway', left.turnedAway, right.turnedAway],
    ['payload', left.payload, right.payload],
  ]
  return values.map(([name, one, other]) => compareValues(one, other, name)).filter((found) => found !== null)
}

function idsOf({ visits }: VisitedRun): string[] {
  return visits.map(({ enter }) => enter.node.id)
}

function nodesOf({ visits }: VisitedRun): Map<number, NodeName> {
  return new Map(visits.map(({ enter }) => [enter.visit, enter.node]))
}
