import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SealedGraph } from '../../../../shared/model/workflow-graph.ts'
import { EvidenceFile } from '../evidence/evidence-file.ts'
import { EvidenceReader } from '../evidence/evidence-reader.ts'
import { EvidenceWriter } from '../evidence/evidence-writer.ts'
import { stillClock } from '../ports.fixture.ts'
import { replayGraph } from '../replay/replay-graph.ts'
import { TraceFile } from '../trace/trace-file.ts'
import { temporaryFolder } from '../workspace.fixture.ts'
import type { CallAnswer } from './graph-record.ts'
import { loadGraph } from './load-graph.ts'
import { type GraphCall, walkGraph } from './walk-graph.ts'

const source = `workflow: vault.open
secrets: [account.number, keys, pin]
payload:
  user: { type: text, required: true }
  pin: { type: integer }
  password: { type: text, secret: true }
nodes:
  login: { operation: login, inputs: [$.payload.user, $.payload.password, $.payload.pin], then: [read, each, bad] }
  read: { operation: read, inputs: [{ of: $.results.login.account.number, as: $.results.login.keys.first }], then: end }
  each: { operation: one, each: $.results.login.keys.all, inputs: [$.item], then: end }
  bad: { operation: fail, inputs: [$.payload.password], next: { failure: end } }
  end: { operation: read, inputs: [$.errors.bad.message, $.results.each] }
`
const clear = ['correct-horse', '987654321', '4111-1111', 'key-one-secret', 'key-two-secret']

function sealed(text: string): { readonly graph: SealedGraph; readonly hash: string } {
  const loaded = loadGraph(text, null)
  if (loaded.graph === null) throw new Error(JSON.stringify(loaded.problems))
  return loaded
}

describe('a workflow that declares secrets', () => {
  it('gives them to its operations, and shows none in trace, evidence, result and errors', async () => {
    using folder = temporaryFolder()
    const { graph, hash } = sealed(source)
    const path = join(folder.path, 'run.evidence.ndjson')
    const given: unknown[][] = []
    const answers: Record<string, (inputs: unknown[]) => unknown> = {
      login: ([user]) => ({
        user,
        account: { number: clear[2] },
        keys: { first: clear[3], all: [clear[3], clear[4]] },
      }),
      read: (inputs) => ({ said: `read ${JSON.stringify(inputs)}` }),
      one: ([item]) => String(item).length,
    }
    const call = async ({ operation, arguments: inputs }: GraphCall): Promise<CallAnswer> => {
      given.push(inputs)
      const answer = answers[operation]
      if (answer !== undefined) return { value: answer(inputs), error: null, ran: null }
      const error = { kind: 'operation-failed', message: `${inputs[0]} is wrong` } as const
      return { value: null, error, ran: null }
    }
    let outcome: unknown
    {
      using evidence = new EvidenceFile(path)
      using trace = new TraceFile(join(folder.path, 'run.jsonl'))
      const ports = { clock: stillClock(), evidence: new EvidenceWriter(evidence), trace, call }
      const payload = { user: 'ada', pin: 987654321, password: clear[0] }
      outcome = await walkGraph(graph, payload, ports, { traceId: 't', hash, files: {}, token: null })
      evidence.commit()
    }
    expect(given[0]).toEqual(['ada', 'correct-horse', 987654321])
    expect(given).toContainEqual([{ of: '4111-1111', as: 'key-one-secret' }])
    expect(given).toContainEqual(['key-two-secret'])
    const written = [path, join(folder.path, 'run.jsonl')].map((each) => readFileSync(each, 'utf8')).join('\n')
    for (const secret of clear) expect(`${written}${JSON.stringify(outcome)}`).not.toContain(secret)
    expect(written).toContain('[redacted #2] is wrong')
    using reader = new EvidenceReader(path)
    expect(await replayGraph(reader, graph)).toMatchObject({ difference: null, changedFiles: [] })
  })

  it('does not let an error that nobody handles tell one either', async () => {
    const { graph, hash } = sealed(
      'workflow: w\nsecrets: [token]\nnodes: { a: { operation: a, inputs: [$.payload.token] } }\n',
    )
    const error = {
      kind: 'operation-failed',
      message: 'no such token: tok-123456',
      hint: 'is tok-123456 old?',
    } as const
    const ports = {
      clock: stillClock(),
      evidence: { write: () => undefined },
      trace: { write: () => undefined },
      call: async () => ({ value: null, error, ran: null }),
    }
    const run = walkGraph(graph, { token: 'tok-123456' }, ports, { traceId: 't', hash, files: {}, token: null })
    await expect(run).rejects.toMatchObject({
      message: 'node a (a) failed: no such token: [redacted #1]',
      hint: 'is [redacted #1] old?',
    })
  })

  it.each([
    ['secrets: password', '1: `secrets` must be a list, not the text "password"'],
    ['secrets: [a..b]', '2: `secrets` must hold names, not the text "a..b"'],
    ['secrets: [a, a]', '2: "a" is written twice in `secrets`'],
    ['payload: { a: { secret: 1 } }', '2: `secret` of payload field a must be true or false, not 1'],
    [
      'payload: { a: { secret: true, default: x } }',
      '2: payload field a is secret, and its `default` would stand in the file',
    ],
    ['secrets: [kind]', '3: `outcome` is taken from "kind", which is declared to be secret'],
    ['secrets: [kind.of]', '3: `outcome` is taken from "kind.of", which is declared to be secret'],
  ])('is refused with a place: %s', (line, problem) => {
    const outcome = line.includes('kind') ? ', outcome: $.result.kind.of' : ''
    const { problems } = loadGraph(`workflow: w\n${line}\nnodes: { a: { operation: a${outcome} } }\n`, null)
    expect(problems.map((each) => `${each.line}: ${each.message}`)).toContainEqual(problem.replace(/^1:/, '2:'))
  })

  it('is sealed with them, and one without is sealed as before', () => {
    const nodes = 'nodes: { a: { operation: a } }\n'
    const plain = sealed(`workflow: w\n${nodes}`)
    expect(plain.graph).not.toHaveProperty('secrets')
    expect(sealed(`workflow: w\nsecrets: []\n${nodes}`).hash).toBe(plain.hash)
    expect(sealed(`workflow: w\nsecrets: [x]\n${nodes}`).hash).not.toBe(plain.hash)
  })
})
