import { objectAt } from '../../json/value.ts'
import type { Gate } from '../run/walk.ts'
import type { DomainSnapshot } from '../snapshot/load.ts'
import { checkAdmission } from './admission-check.ts'
import { checkIntent } from './intent-check.ts'
import { readDeclaration } from './protocol-artifacts.ts'

/**
 * Enforces what the protocol declares and the reference leaves out: admission blocks turn a run away with the status
 * ADMISSION_DENIED, intents answer NACK to a payload that does not fit. Other boundary nodes answer ACK.
 */
export function declaredGate({ workspace, vocabulary }: DomainSnapshot, dataRoot: string): Gate {
  return {
    admit({ name }, payload) {
      const workflow = readDeclaration(workspace, 'workflows', name)
      const admission = workflow === null ? null : objectAt(workflow, 'admission')
      const denied = admission === null ? null : checkAdmission(admission, payload, dataRoot)
      return denied === null ? null : 'ADMISSION_DENIED'
    },
    boundary({ address }, payload) {
      const intent = readDeclaration(workspace, 'intents', vocabulary.nameOf(address))
      return intent === null || checkIntent(intent, payload) === null ? 'ACK' : 'NACK'
    },
  }
}
