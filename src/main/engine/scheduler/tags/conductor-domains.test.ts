import { describe, expect, it } from 'vitest'
import { assertDefined } from '../../../../shared/assert.ts'
import type { TokenDetail } from '../../../../shared/contract/tokens.ts'
import type { TestScheduler } from '../scheduler.fixture.ts'
import { until } from '../until.fixture.ts'
import { settled, tagScheduler } from './tags.fixture.ts'

const leads = { conduct: { externalCalls: ['core.heavy'] }, tree: { externalCalls: ['tree'] } } as const
const everyWeight = ['core.heavy', 'core.light', 'core.medium'] as const

const domains = (test: TestScheduler) => test.stats.tags.conductor.domains

async function detailsOf(test: TestScheduler, operation: string): Promise<TokenDetail[]> {
  const page = await test.scheduler.query(
    { operations: [operation] },
    { by: 'sequence', direction: 'ascending' },
    0,
    1000,
  )
  return page.rows.map(({ id }) => test.scheduler.detail(id))
}

describe('a lead with externalCalls', () => {
  it('has every child on its core, whatever the weight', async () => {
    await using test = await tagScheduler(leads, { cores: 4, options: { workersPerCore: 2 } })
    const runs = Array.from({ length: 6 }, () =>
      test.submit(
        'conduct',
        everyWeight.map((name) => [name, 1]),
      ),
    )
    test.board.open(1)
    await Promise.all(runs)
    const cores = new Set<number | null>()
    for (const lead of runs) {
      const { core, children, bindings } = test.detailOf(lead)
      cores.add(core)
      expect(children.first.map((id) => test.scheduler.detail(id).core)).toEqual([core, core, core])
      expect(bindings.leads).toMatchObject({ lead: test.idOf(lead), core, pending: 0, members: 4 })
    }
    expect(cores.size).toBeGreaterThan(1)
    expect(domains(test)).toBe(0)
  })

  it('opens its domain before it runs, and shows it with twelve characters of its seed', async () => {
    await using test = await tagScheduler(leads, { started: false })
    const lead = test.submit('conduct', [])
    const { leads: domain } = test.detailOf(lead).bindings
    expect(domain).toMatchObject({ core: null, pending: 1, seed: expect.stringMatching(/^[0-9a-f]{12}$/) })
    expect(test.stats.tags.conductor).toMatchObject({
      domains: 1,
      snapshot: { [assertDefined(domain, 'it leads one').seed]: { core: 0, pending: 1 } },
    })
    await test.scheduler.start()
    await lead
    expect(domains(test)).toBe(0)
  })

  it('keeps its domain open until its last member has ended', async () => {
    await using test = await tagScheduler({ launch: { externalCalls: ['rest'] } })
    await test.submit('launch', 'rest', 1)
    await test.arrival(1)
    expect(domains(test)).toBe(1)
    test.board.open(1)
    await until('the domain is closed', () => domains(test) === 0)
  })

  it('shares its domain with grandchildren, and not with leads below it', async () => {
    await using test = await tagScheduler(
      { 'meet.a': { externalCalls: ['conduct'] }, 'meet.b': { externalCalls: ['core.heavy'] } },
      { cores: 3 },
    )
    test.board.open(1)
    await test.submit('meet.a', 1, [
      ['conduct', [['core.heavy', 1]]],
      ['meet.b', 1, [['core.light', 1]]],
    ])
    const [outer] = await detailsOf(test, 'meet.a')
    const [inner] = await detailsOf(test, 'meet.b')
    const [grandchild] = await detailsOf(test, 'core.heavy')
    const [ofInner] = await detailsOf(test, 'core.light')
    expect(grandchild?.bindings.domain?.lead).toBe(outer?.id)
    expect(grandchild?.ancestors.at(-1)).toBe(outer?.id)
    expect(inner?.bindings).toMatchObject({ domain: { lead: outer?.id }, leads: { lead: inner?.id } })
    expect(ofInner?.bindings.domain?.lead).toBe(inner?.id)
    expect(new Set([outer, inner, grandchild, ofInner].map((token) => token?.core)).size).toBe(1)
    expect(outer?.bindings.leads?.seed).not.toBe(inner?.bindings.leads?.seed)
    expect(domains(test)).toBe(0)
  })

  it.each([1, 2])('never blocks the lane its children need, on %i cores with mailboxes of one', async (cores) => {
    await using test = await tagScheduler(leads, { cores, options: { mailboxMax: 1 } })
    expect(await test.submit('tree', 3, 3)).toBe(40)
    const many = Array.from({ length: 20 }, () => test.submit('tree', 2, 2))
    expect(await Promise.all(many)).toEqual(many.map(() => 7))
    expect(domains(test)).toBe(0)
  })

  it('leaves no domain behind, however its members end', async () => {
    await using test = await tagScheduler(leads, { options: { workersPerCore: 2, killGraceMs: 10 } })
    const inLane = (ending: string, lane: number) => test.submit('conduct', [['exclusive', lane, 1, 2, ending]])
    const tokens = [inLane('fail', 1), inLane('exit', 2), inLane('return', 3)]
    const hung = inLane('hang', 4)
    const killed = test.submit('conduct', [['core.heavy', 7]])
    await until('the child of the killed lead runs', () => test.board.arrived(7) > 0 || killed.settled)
    test.commandOn('kill', killed)
    test.board.open(7)
    await settled(tokens)
    test.command('kill', { kind: 'all' })
    await settled([hung, killed])
    await until('every domain is closed', () => domains(test) === 0)
  })

  it('waits on its core when it is full, and says so', async () => {
    await using test = await tagScheduler(leads, { options: { mailboxMax: 1 } })
    const lead = test.submit('conduct', [
      ['core.heavy', 1],
      ['core.light', 1],
    ])
    await test.arrival(1)
    const [waiting] = (await detailsOf(test, 'core.light')).filter(({ state }) => state === 'WAITING')
    expect(waiting?.waitingBecause ?? 'It is bound to core 1 by its conductor domain').toMatch(
      /^It is bound to core 1 by its conductor domain/,
    )
    test.board.open(1)
    await lead
  })
})
