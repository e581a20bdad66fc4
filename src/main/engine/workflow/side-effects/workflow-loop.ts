import { describeBare, describeValue, isTruthy, typeName } from '../../json/describe.ts'
import {
  emptyObject,
  isArray,
  isObject,
  type JsonArray,
  type JsonObject,
  type JsonValue,
  objectAt,
} from '../../json/value.ts'
import { RunStopped } from '../run/run-stopped.ts'
import { messageOf, result, type SideEffectFactory, type WorkflowExecutor } from './side-effect.ts'
import { requireExecutor, unsupported } from './workflow-gateway.ts'

/** Runs a workflow per item of a list, one after the other, each after the sub items of its item. */
export const workflowLoop: SideEffectFactory = (_, ports) => {
  const executor = requireExecutor(ports)
  return (operation, { inputs }) => {
    if (operation.toUpperCase() !== 'EXECUTE_SEQUENCE') return unsupported(operation)
    return new Loop(executor, inputs).run()
  }
}

/** Why a loop ends before its list does. */
class LoopEnd {
  readonly status: string
  readonly message: string | null

  constructor(status: string, message: string | null) {
    this.status = status
    this.message = message
  }
}

class Loop {
  readonly #executor: WorkflowExecutor
  readonly #sequence: JsonValue
  readonly #itemPlan: JsonValue
  readonly #subPlan: JsonValue
  #items = 0
  #subItems = 0

  constructor(executor: WorkflowExecutor, inputs: JsonObject) {
    this.#executor = executor
    this.#sequence = inputs.get('sequence') ?? null
    this.#itemPlan = inputs.get('item_wf') ?? null
    this.#subPlan = inputs.get('item_sub_sequence') ?? null
  }

  async run(): Promise<JsonObject> {
    if (!isArray(this.#sequence)) return result('VIOLATION', { message: 'sequence must be a list' })
    const plan = this.#itemPlan
    if (!isObject(plan) || plan.size === 0) return result('VIOLATION', { message: 'item_wf must be a dict' })
    const wrong = problemOf(plan)
    if (wrong !== null) return result('VIOLATION', { message: wrong, ...this.#counts() })
    for (const item of this.#sequence) {
      const subEnd =
        isTruthy(this.#subPlan) && isObject(this.#subPlan) ? await this.#runSubItems(item, this.#subPlan) : null
      if (subEnd !== null) return result(subEnd.status, { ...this.#counts(), message: subEnd.message })
      const end = await this.#runItem(item, plan)
      if (end !== null) return this.#ended(end)
      this.#items += 1
    }
    return result('SUCCESS', this.#counts())
  }

  #counts(): Record<string, JsonValue> {
    return { items_processed: this.#items, sub_items_processed: this.#subItems }
  }

  #ended({ status, message }: LoopEnd): JsonObject {
    return result(status, { ...(message === null ? {} : { message }), ...this.#counts() })
  }

  /** The sub items count only once all of them are done. */
  async #runSubItems(item: JsonValue, plan: JsonObject): Promise<LoopEnd | null> {
    const field = describeBare(plan.get('field') ?? null)
    const subItems = fieldOf(item, field) ?? []
    if (!isArray(subItems)) return new LoopEnd('VIOLATION', `sub-sequence field '${field}' is not a list`)
    const end = await this.#runEach(subItems, plan)
    if (end === null) this.#subItems += subItems.length
    return end
  }

  async #runEach(subItems: JsonArray, plan: JsonObject): Promise<LoopEnd | null> {
    for (const subItem of subItems) {
      const code = chooseWorkflow(subItem, objectAt(plan, 'wf_dispatch') ?? emptyObject)
      if (code instanceof LoopEnd) return code
      const end = await this.#execute(code, pickFields(subItem, plan) ?? subItem)
      if (end !== null) return end
    }
    return null
  }

  async #runItem(item: JsonValue, plan: JsonObject): Promise<LoopEnd | null> {
    const dispatch = objectAt(plan, 'wf_dispatch')
    const dispatched = dispatch !== null && dispatch.size > 0
    const code = dispatched ? chooseWorkflow(item, dispatch) : (plan.get('code') ?? null)
    if (code instanceof LoopEnd) return code
    const payload = pickFields(item, plan) ?? (dispatched && isObject(item) ? item : emptyObject)
    return await this.#execute(code, new Map([...payload, ...(objectAt(plan, 'inject') ?? [])]))
  }

  /** Anything but SUCCESS ends the loop. */
  async #execute(code: JsonValue, payload: JsonValue): Promise<LoopEnd | null> {
    try {
      const { status } = await this.#executor.run({ code, payload })
      return status === 'SUCCESS' ? null : new LoopEnd('VIOLATION', null)
    } catch (error) {
      if (error instanceof RunStopped) throw error
      return new LoopEnd('BACKEND_ERROR', messageOf(error))
    }
  }
}

function problemOf(plan: JsonObject): string | null {
  const fixed = isTruthy(plan.get('code'))
  const dispatched = isTruthy(plan.get('wf_dispatch'))
  if (fixed && dispatched) return "item_wf must have exactly one of 'code' or 'wf_dispatch', not both"
  return fixed || dispatched ? null : "item_wf must have 'code' or 'wf_dispatch'"
}

function chooseWorkflow(item: JsonValue, dispatch: JsonObject): JsonValue | LoopEnd {
  const field = describeBare(dispatch.get('key_field') ?? null)
  const key = fieldOf(item, field)
  const code = typeof key === 'string' ? (objectAt(dispatch, 'mapping')?.get(key) ?? null) : null
  return code ?? new LoopEnd('VIOLATION', `No WF mapped for ${field}=${describeValue(key)}`)
}

/** Only the fields that the plan names, under the names that it gives them; null when it names none. */
function pickFields(item: JsonValue, plan: JsonObject): JsonObject | null {
  const fields = objectAt(plan, 'payload_fields')
  if (fields === null || fields.size === 0) return null
  const picked = new Map<string, JsonValue>()
  for (const [name, source] of fields) picked.set(name, fieldOf(item, describeBare(source)))
  return picked
}

function fieldOf(item: JsonValue, field: string): JsonValue {
  if (isObject(item)) return item.get(field) ?? null
  throw new Error(`'${typeName(item)}' object has no attribute 'get'`)
}
