import { parentPort, workerData } from 'node:worker_threads'
import { assertDefined } from '../../../shared/assert.ts'
import type { FromWriter, ToWriter, WriterData } from './journal-protocol.ts'
import { JournalWriter } from './journal-writer.ts'

/** Entry of the journal's thread: the only one that writes the file. */
const control = assertDefined(parentPort, 'this file is the entry of a thread that the control thread starts')
const writer = new JournalWriter(workerData as WriterData, (message: FromWriter, transfer) =>
  control.postMessage(message, transfer),
)
control.on('message', (message: ToWriter) => writer.receive(message))
writer.open()
