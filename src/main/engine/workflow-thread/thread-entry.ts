import { readFile } from 'node:fs/promises'
import { parentPort } from 'node:worker_threads'
import { assertDefined } from '../../../shared/assert.ts'
import { toErrorData } from '../../../shared/errors.ts'
import type { SealedGraph } from '../../../shared/model/workflow-graph.ts'
import { KnownGraphFiles } from '../workflow/graph/known-graph-files.ts'
import { shapeOfGraph } from '../workflow-runs/run-columns.ts'
import { listWorkflows, prepareRun } from './prepare-run.ts'
import type { Answer, Question, QuestionInput, QuestionName, QuestionOutput } from './questions.ts'

/** Entry of the thread that reads, checks and seals workflows and replays runs, so that the control thread never does. */

type Desk = { readonly [Name in QuestionName]: (input: QuestionInput<Name>) => Promise<QuestionOutput<Name>> }

const control = assertDefined(parentPort, 'this file is the entry of a thread')
const known = new KnownGraphFiles()
const desk: Desk = {
  list: (folder) => listWorkflows(known, folder),
  prepare: (request) => prepareRun(known, request),
  shape: async (path) => shapeOfGraph(JSON.parse(await readFile(path, 'utf8')) as SealedGraph),
  replay: async (request) => {
    // The engine with its curves and word lists is loaded only by who walks something.
    const { replayKept } = await import('./replay-kept.ts')
    return await replayKept(known, request)
  },
}
control.on('message', (question: Question) => void answer(question))

async function answer({ number, name, input }: Question): Promise<void> {
  say({ number, ...(await outputOrError(name, input)) })
}

async function outputOrError(name: QuestionName, input: unknown): Promise<Omit<Answer, 'number'>> {
  try {
    return { output: await (desk[name] as (input: unknown) => Promise<unknown>)(input) }
  } catch (error) {
    return { error: toErrorData(error) }
  }
}

function say(answered: Answer): void {
  control.postMessage(answered)
}
