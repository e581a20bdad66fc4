import type { JsonObject, JsonValue } from '../../json/value.ts'
import type { Clock, Entropy } from '../ports.ts'

/** What a transform may use besides its inputs. Most use nothing. */
export interface TransformPorts {
  readonly clock: Clock
  readonly entropy: Entropy
}

/**
 * One transform: inputs in, result out, no effects. It throws a TransformError when the inputs do not fit; in a run
 * that ends the step with the status VIOLATION.
 */
export type Transform = (inputs: JsonObject, ports: TransformPorts) => JsonValue

/** The inputs of a transform do not fit, or its program is wrong. */
export class TransformError extends Error {
  override readonly name = 'TransformError'
}

/** Declares a transform under its code; errors that it raises begin with the code. */
export function defineTransform(
  code: string,
  run: (inputs: JsonObject, ports: TransformPorts) => JsonValue,
): readonly [code: string, transform: Transform] {
  return [
    code,
    (inputs, ports) => {
      try {
        return run(inputs, ports)
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        throw new TransformError(`${code}: ${message}`, { cause: error })
      }
    },
  ]
}
