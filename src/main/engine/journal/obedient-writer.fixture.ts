import { parentPort } from 'node:worker_threads'
import { assertDefined } from '../../../shared/assert.ts'
import type { FromWriter, ToWriter } from './journal-protocol.ts'

/** Entry of a thread that keeps nothing, but tells of each batch whether it was to wait for the disk. */
const control = assertDefined(parentPort, 'this file is the entry of a thread')
const tell = (message: FromWriter) => control.postMessage(message)
const figures = { transactions: 0, records: 0, fileBytes: 0, rows: 0, slowTransactions: 0 }

control.on('message', (message: ToWriter) => {
  if (message.type === 'close') tell({ type: 'closed' })
  if (message.type !== 'batch') return
  const { number, sync, records, bytes } = message.batch
  tell({ type: 'slow', sentence: sync ? 'waits for the disk' : 'does not wait' })
  tell({ type: 'committed', number, synced: sync, figures, buffers: { records, bytes }, texts: [] })
})

tell({
  type: 'opened',
  opened: {
    path: '',
    startsFolder: '',
    lastSequence: 0,
    lastBatch: 0,
    restore: { waiting: [], requeued: 0, interrupted: 0, superseded: 0 },
    audit: [],
    auditTotal: 0,
    settings: [],
    notices: [],
  },
})
