import { parentPort, workerData } from 'node:worker_threads'
import { assertDefined } from '../../../shared/assert.ts'
import { JournalReader } from './journal-reader.ts'
import type { FromReader, ReaderData, ToReader } from './reader-protocol.ts'

/** Entry of the thread that answers questions about what the journal keeps. */
const control = assertDefined(parentPort, 'this file is the entry of a thread that the control thread starts')
const reader = new JournalReader(workerData as ReaderData, (message: FromReader, transfer) =>
  control.postMessage(message, transfer),
)
control.on('message', (message: ToReader) => reader.receive(message))
reader.open()
