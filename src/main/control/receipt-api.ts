import type { receiptProcedures } from '../../shared/contract/receipts.ts'
import type { AuditLog } from './audit-log.ts'
import { audited } from './audited.ts'
import type { HostApi } from './host-api.ts'
import type { Storage } from './storage.ts'

export interface ReceiptApiParts {
  readonly storage: Pick<Storage, 'receipts' | 'recorder'>
  readonly audit: AuditLog
}

export function createReceiptApi({ storage, audit }: ReceiptApiParts): Pick<HostApi, keyof typeof receiptProcedures> {
  const { receipts, recorder } = storage
  return {
    'receipts.query': async (request) => ({ ...(await receipts.ask('query', request)), lost: recorder.lost }),

    'receipts.get': ({ id }) => receipts.ask('detail', id),

    'receipts.ofToken': async ({ token }) => ({ id: await receipts.ask('ofToken', token) }),

    'receipts.graph': (request) => receipts.ask('graph', request),

    'receipts.verify': ({ id }) => receipts.ask('verify', id),

    'receipts.artifact': async ({ id, sha256, maxBytes }) => {
      const { content, mime, path } = await receipts.ask('body', { id, sha256 })
      return {
        path,
        mime,
        bytes: content.length,
        content: Buffer.from(content.subarray(0, maxBytes)).toString('base64'),
        truncated: content.length > maxBytes,
      }
    },

    'receipts.put': async ({ reason, bodies, env, ...draft }, caller) => {
      const { result: id, auditId } = await audited(audit, {
        caller,
        action: 'put receipt',
        target: draft.yool,
        reason,
        run: () =>
          receipts.put({
            kind: 'plain',
            draft: {
              ...draft,
              env: Object.entries(env),
              bodies: bodies.map(({ content, mime }) => ({ content: Buffer.from(content, 'base64'), mime })),
            },
          }),
        summarise: (made) => `receipt ${made}`,
      })
      return { id, auditId }
    },

    'receipts.pin': async ({ ids, pinned, reason }, caller) => {
      const { result: changed, auditId } = await audited(audit, {
        caller,
        action: pinned ? 'pin receipts' : 'unpin receipts',
        target: ids.length === 1 ? `receipt ${ids[0]}` : `${ids.length} receipts`,
        reason,
        run: () => receipts.ask('pin', { ids, pinned, actor: caller.peer.name, reason }),
        summarise: (count) => `${count} changed`,
      })
      return { changed, auditId }
    },
  }
}
