import { isArray, isObject, type JsonValue } from '../../json/value.ts'

/** Gives the value of a compiled template in a scope. */
export type Resolver<Scope> = (scope: Scope) => JsonValue

/** What a text in a template means: a resolver for a path, or null for a literal. */
export type PathCompiler<Scope> = (text: string) => Resolver<Scope> | null

/**
 * Compiles a value in which texts may be paths, also deep inside objects and lists. What a path gives is never
 * resolved again.
 */
export function compileTemplate<Scope>(template: JsonValue, compilePath: PathCompiler<Scope>): Resolver<Scope> {
  return compileOrConstant(template, compilePath) ?? (() => template)
}

/** Null when nothing inside depends on the scope. */
function compileOrConstant<Scope>(template: JsonValue, compilePath: PathCompiler<Scope>): Resolver<Scope> | null {
  if (typeof template === 'string') return compilePath(template)
  if (isArray(template)) {
    const items = template.map((item) => compileOrConstant(item, compilePath) ?? (() => item))
    const constant = template.every((item) => compileOrConstant(item, compilePath) === null)
    return constant ? null : (scope) => items.map((item) => item(scope))
  }
  if (!isObject(template)) return null
  const constant = [...template.values()].every((item) => compileOrConstant(item, compilePath) === null)
  return constant ? null : compileEntries(template, compilePath)
}

/** Compiles an object of templates; the result is a new object at every call. */
export function compileEntries<Scope>(
  templates: ReadonlyMap<string, JsonValue>,
  compilePath: PathCompiler<Scope>,
): (scope: Scope) => Map<string, JsonValue> {
  const keys = [...templates.keys()]
  const resolvers = [...templates.values()].map((item) => compileTemplate(item, compilePath))
  return (scope) => {
    const values = new Map<string, JsonValue>()
    for (let index = 0; index < keys.length; index += 1) {
      values.set(keys[index] as string, (resolvers[index] as Resolver<Scope>)(scope))
    }
    return values
  }
}
