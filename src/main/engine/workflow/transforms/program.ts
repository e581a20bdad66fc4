import { isTruthy } from '../../json/describe.ts'
import { isArray, isObject, type JsonObject, type JsonValue, objectAt, textAt } from '../../json/value.ts'
import { compileArgument, type ProgramScope } from '../paths/transform-path.ts'
import { readLoop, runLoop } from './program-loop.ts'
import { type Transform, TransformError, type TransformPorts } from './transform.ts'

/** Finds the implementation that a program names, or null. */
export type FindTransform = (module: string, callable: string) => Transform | null

/** A transform program: atoms run one after the other, each leaving a symbol; outputs are taken from the symbols. */
export class TransformProgram {
  readonly #atoms: readonly JsonValue[]
  readonly #outputs: JsonObject | null
  readonly #find: FindTransform
  // Reading an atom may fail, and has to fail in its turn: it is done when the atom first runs.
  readonly #read: ReadAtom[] = []

  constructor(source: JsonObject, find: FindTransform) {
    const atoms = source.get('atom_stream')
    this.#atoms = isArray(atoms) ? atoms : []
    this.#outputs = objectAt(source, 'outputs')
    this.#find = find
  }

  /** The declared outputs for some inputs. Throws a TransformError for whatever goes wrong. */
  run(inputs: JsonObject, ports: TransformPorts): Map<string, JsonValue> {
    if (this.#atoms.length !== 1) return this.adapt(this.execute(inputs, ports))
    // Nearly every program is a single atom: no other reads what it leaves.
    const atom = this.#atomAt(0)
    const result = atom.run({ inputs, symbols: noSymbols }, ports)
    return this.#adapt((from) => (from === atom.out ? result : undefined))
  }

  /** Runs the atoms and gives all symbols. */
  execute(inputs: JsonObject, ports: TransformPorts): Map<string, JsonValue> {
    if (this.#atoms.length === 0) throw new TransformError('CT-IR missing atom_stream')
    const symbols = new Map<string, JsonValue>()
    for (let index = 0; index < this.#atoms.length; index += 1) {
      const atom = this.#atomAt(index)
      const result = atom.run({ inputs, symbols }, ports)
      if (result !== undefined) symbols.set(atom.out, result)
    }
    return symbols
  }

  /** Takes the declared outputs from the symbols. */
  adapt(symbols: ReadonlyMap<string, JsonValue>): Map<string, JsonValue> {
    return this.#adapt((from) => symbols.get(from))
  }

  #atomAt(index: number): ReadAtom {
    this.#read[index] ??= readAtom(this.#atoms[index] ?? null, this.#find)
    return this.#read[index]
  }

  #adapt(symbolOf: (name: string) => JsonValue | undefined): Map<string, JsonValue> {
    if (this.#outputs === null || this.#outputs.size === 0) {
      throw new TransformError('CT must declare at least one output')
    }
    const result = new Map<string, JsonValue>()
    for (const [name, declaration] of this.#outputs) {
      const from = isObject(declaration) ? (textAt(declaration, 'from') ?? '') : ''
      const symbol = symbolOf(from)
      if (symbol === undefined) {
        throw new TransformError(`CT output symbol '${from}' was not produced by CT execution`)
      }
      result.set(name, outputOf(symbol, name))
    }
    return result
  }
}

const noSymbols: ReadonlyMap<string, JsonValue> = new Map()

interface ReadAtom {
  readonly out: string
  /** Undefined: the atom leaves no symbol. */
  run(scope: ProgramScope, ports: TransformPorts): JsonValue | undefined
}

/** Keys of an atom that are not arguments. */
const reservedKeys = ['atom', 'molecule', 'kind', 'as', 'out', 'loop', 'args', 'handler_ref', 'input_types']

function readAtom(source: JsonValue, find: FindTransform): ReadAtom {
  const atom = isObject(source) ? source : new Map<string, JsonValue>()
  const name = textAt(atom, 'atom')
  if (!name) throw new TransformError('CT-IR step missing atom')
  const handler = atom.get('handler_ref')
  if (!isTruthy(handler)) throw new TransformError(`CT-IR step missing handler_ref: ${name}`)
  const module = isObject(handler) ? textAt(handler, 'module') : null
  const callable = isObject(handler) ? textAt(handler, 'callable') : null
  if (!module || !callable) throw new TransformError(`Incomplete handler_ref on step: ${name}`)
  const transform = find(module, callable)
  if (transform === null) throw new TransformError(`Atom raised exception: ${name}: No module named '${module}'`)
  const out = textAt(atom, 'out') ?? textAt(atom, 'as') ?? ''
  const call = (inputs: JsonObject, ports: TransformPorts): JsonValue => callAtom(name, transform, inputs, ports)
  const loop = objectAt(atom, 'loop')
  if (loop !== null) {
    const plan = readLoop(loop)
    return { out, run: (scope, ports) => runLoop(plan, scope, (inputs) => call(inputs, ports)) }
  }
  const args = [...argumentsOf(atom)].map(([key, argument]) => [key, compileArgument(argument)] as const)
  return {
    out,
    run(scope, ports) {
      const inputs = new Map<string, JsonValue>()
      for (const [key, resolve] of args) inputs.set(key, resolve(scope))
      return call(inputs, ports)
    },
  }
}

/** The atom's own keys with its `args` laid over them. */
function argumentsOf(atom: JsonObject): Map<string, JsonValue> {
  const merged = new Map([...atom, ...(objectAt(atom, 'args') ?? [])])
  for (const key of reservedKeys) merged.delete(key)
  return merged
}

function callAtom(name: string, transform: Transform, inputs: JsonObject, ports: TransformPorts): JsonValue {
  const result = callNamed(name, transform, inputs, ports)
  if (result === null) throw new TransformError(`Atom returned None: ${name}`)
  return result
}

function callNamed(name: string, transform: Transform, inputs: JsonObject, ports: TransformPorts): JsonValue {
  try {
    return transform(inputs, ports)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new TransformError(`Atom raised exception: ${name}: ${message}`, { cause: error })
  }
}

/** Of an object the field with the output's name, else its only field, else the whole object. */
function outputOf(symbol: JsonValue, name: string): JsonValue {
  if (!isObject(symbol)) return symbol
  const named = symbol.get(name)
  if (named !== undefined) return named
  if (symbol.size !== 1) return symbol
  for (const only of symbol.values()) return only
  return symbol
}
