import { GuardhouseError } from '../../../../shared/errors.ts'
import { typeName } from '../../json/describe.ts'
import { isArray, isInteger, isObject, type JsonObject, type JsonValue } from '../../json/value.ts'
import {
  type EndRecord,
  type EnterRecord,
  type EvidenceRecord,
  endings,
  evidenceVersion,
  type LeaveRecord,
  type NodeName,
  type RunRecord,
  type RunSource,
  type StepRecord,
  type TraceTime,
  type Whereabouts,
} from './evidence-record.ts'

/** A record out of its JSON object. Throws a GuardhouseError that names the field that is missing or of a wrong type. */
export function readRecord(source: JsonObject): EvidenceRecord {
  const read = new FieldReader(source, '')
  const kind = read.text('kind')
  switch (kind) {
    case 'run':
      return readRun(read)
    case 'enter':
      return readEnter(read)
    case 'step':
      return readStep(read)
    case 'leave':
      return readLeave(read)
    case 'end':
      return readEnd(read)
    default:
      throw problem(`a record of the kind '${kind}' is not known`)
  }
}

function readRun(read: FieldReader): RunRecord {
  const version = read.integer('version')
  if (version > evidenceVersion) throw problem(`version ${version} is newer than ${evidenceVersion}`)
  const settings = read.inner('settings')
  return {
    kind: 'run',
    version,
    traceId: read.text('traceId'),
    workflow: read.text('workflow'),
    domain: read.text('domain'),
    source: readSource(read.inner('source')),
    payload: read.value('payload'),
    payloadHash: read.text('payloadHash'),
    turnedAway: read.textOrNull('turnedAway'),
    settings: {
      hopLimit: settings.integerOrNull('hopLimit'),
      timeLimitMilliseconds: settings.integerOrNull('timeLimitMilliseconds'),
      enforced: settings.value('enforced') === true,
    },
    parent: read.textOrNull('parent'),
    token: read.textOrNull('token'),
    wall: read.integer('wall'),
    at: read.time('at'),
  }
}

function readSource(read: FieldReader): RunSource {
  const files = read.object('files')
  return {
    type: read.oneOf('type', ['snapshot', 'graph']),
    hash: read.text('hash'),
    files: Object.fromEntries([...files].filter((entry): entry is [string, string] => typeof entry[1] === 'string')),
    dialect: read.textOrNull('dialect'),
    capabilities: read.textOrNull('capabilities'),
  }
}

function readEnter(read: FieldReader): EnterRecord {
  return {
    kind: 'enter',
    visit: read.integer('visit'),
    node: readNode(read.inner('node')),
    after: read.list('after', isSmall),
    inputs: read.object('inputs'),
    at: read.time('at'),
  }
}

function readNode(read: FieldReader): NodeName {
  return {
    type: read.oneOf('type', ['contract', 'boundary']),
    id: read.text('id'),
    name: read.text('name'),
    address: read.integerOrNull('address'),
  }
}

function readStep(read: FieldReader): StepRecord {
  return {
    kind: 'step',
    visit: read.integer('visit'),
    step: read.integer('step'),
    id: read.text('id'),
    name: read.text('name'),
    operation: read.textOrNull('operation'),
    inputs: read.object('inputs'),
    outcome: read.text('outcome'),
    answer: read.value('answer'),
    output: read.object('output'),
    failure: read.textOrNull('failure'),
    clock: read.list('clock', isSmall),
    entropy: read.list('entropy', isText),
    runs: read.list('runs', isText),
    at: read.time('at'),
    ran: read.value('ran') === null ? null : readWhereabouts(read.inner('ran')),
  }
}

function readWhereabouts(read: FieldReader): Whereabouts {
  return {
    token: read.textOrNull('token'),
    core: read.integerOrNull('core'),
    worker: read.integerOrNull('worker'),
    started: read.value('started') === null ? null : read.time('started'),
    ended: read.value('ended') === null ? null : read.time('ended'),
  }
}

function readLeave(read: FieldReader): LeaveRecord {
  return {
    kind: 'leave',
    visit: read.integer('visit'),
    status: read.text('status'),
    output: read.object('output'),
    to: read.list('to', isText),
    at: read.time('at'),
  }
}

function readEnd(read: FieldReader): EndRecord {
  return {
    kind: 'end',
    status: read.textOrNull('status'),
    output: read.object('output'),
    error: read.textOrNull('error'),
    ending: read.oneOf('ending', endings),
    visits: read.integer('visits'),
    steps: read.integer('steps'),
    wall: read.integer('wall'),
    at: read.time('at'),
    trace: read.textOrNull('trace'),
  }
}

function isText(value: JsonValue): value is string {
  return typeof value === 'string'
}

function isSmall(value: JsonValue): value is number {
  return typeof value === 'number'
}

/** Takes typed fields out of an object; every error names the field. */
class FieldReader {
  readonly #source: JsonObject
  readonly #path: string

  constructor(source: JsonObject, path: string) {
    this.#source = source
    this.#path = path
  }

  value(name: string): JsonValue {
    const value = this.#source.get(name)
    if (value === undefined) throw problem(`'${this.#path}${name}' is missing`)
    return value
  }

  text(name: string): string {
    const value = this.value(name)
    return typeof value === 'string' ? value : this.#wrong(name, 'a text', value)
  }

  textOrNull(name: string): string | null {
    return this.value(name) === null ? null : this.text(name)
  }

  integer(name: string): number {
    const value = this.value(name)
    return isSmall(value) ? value : this.#wrong(name, 'an integer', value)
  }

  integerOrNull(name: string): number | null {
    return this.value(name) === null ? null : this.integer(name)
  }

  time(name: string): TraceTime {
    const value = this.value(name)
    return isInteger(value) ? value : this.#wrong(name, 'an integer', value)
  }

  object(name: string): JsonObject {
    const value = this.value(name)
    return isObject(value) ? value : this.#wrong(name, 'an object', value)
  }

  inner(name: string): FieldReader {
    return new FieldReader(this.object(name), `${this.#path}${name}.`)
  }

  list<Item extends JsonValue>(name: string, isItem: (value: JsonValue) => value is Item): readonly Item[] {
    const value = this.value(name)
    return isArray(value) && value.every(isItem) ? value : this.#wrong(name, 'a list of one kind', value)
  }

  oneOf<Word extends string>(name: string, words: readonly Word[]): Word {
    const value = this.text(name)
    const word = words.find((each) => each === value)
    return word ?? this.#wrong(name, `one of ${words.join(', ')}`, value)
  }

  #wrong(name: string, wanted: string, value: JsonValue): never {
    throw problem(`'${this.#path}${name}' has to be ${wanted}, not ${typeName(value)}`)
  }
}

function problem(message: string): GuardhouseError {
  return new GuardhouseError('bad-request', message)
}
