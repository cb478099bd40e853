import { describe, expect, it } from 'vitest'
import { UNKNOWN_HEALTH } from '../../../src/core/health'
import { servedModel } from '../../../src/core/model-alias'
import { PROVIDER_IDS, type ProviderId, type TaskRequest } from '../../../src/core/request'
import { candidatesOf, quote, type RoutingContext } from '../../../src/core/routing'

const [A, B, C, D] = PROVIDER_IDS
const ALL = [A, B, C, D]
const USD: Partial<Record<ProviderId, number>> = { [A]: 0.3, [B]: 0.1, [C]: 0.2 }

function context(changes: Partial<RoutingContext> = {}): RoutingContext {
  return {
    enabled: new Set(ALL),
    needsPrice: false,
    order: ALL,
    served: (asked) => servedModel(asked, new Map()),
    offer: (id, { model }) => ({
      unsupported: model === 'gpt-image-2' || id === B ? null : 'does not offer it',
      price: { credits: 1, usd: USD[id] ?? null },
    }),
    health: () => UNKNOWN_HEALTH,
    ...changes,
  }
}

function order(wishes: Partial<TaskRequest>, changes: Partial<RoutingContext> = {}): string[] {
  const request: TaskRequest = { model: 'gpt-image-2', n: 1, prompt: 'A cat', ...wishes }
  return candidatesOf(quote(request, context(changes))).map(({ provider }) => provider)
}

const setAside = (...ids: ProviderId[]): Partial<RoutingContext> => ({
  health: (id) => ({ ...UNKNOWN_HEALTH, setAsideUntil: ids.includes(id) ? 1 : null }),
})

describe('who is asked, and in which order', () => {
  it("follows the operator's order for auto", () => {
    expect(order({})).toEqual([A, B, C, D])
    expect(order({ provider: 'auto' }, { order: [C, A] })).toEqual([C, A])
  })

  it('follows the client where it names providers', () => {
    expect(order({ provider: C })).toEqual([C])
    expect(order({ providers: [D, A] })).toEqual([D, A])
  })

  it('leaves out who has no key', () => {
    expect(order({}, { enabled: new Set([B, D]) })).toEqual([B, D])
  })

  it('leaves out who is too dear or of unknown price', () => {
    expect(order({ max_usd: 0.2 })).toEqual([B, C])
  })

  it('asks the cheapest first, and who has no known price last', () => {
    expect(order({ route: 'cheapest' })).toEqual([B, C, A, D])
    expect(order({ route: 'cheapest', providers: [D, A, B] })).toEqual([B, A, D])
  })

  it('asks the fastest first, and who has no known speed last', () => {
    const seconds: Partial<Record<ProviderId, number>> = { [D]: 3, [B]: 9 }
    const health = (id: ProviderId) => ({ ...UNKNOWN_HEALTH, medianSeconds: seconds[id] ?? null })
    expect(order({ route: 'fastest' }, { health })).toEqual([D, B, A, C])
  })

  it('asks last, for auto only, who was set aside', () => {
    expect(order({}, setAside(A, C))).toEqual([B, D, A, C])
    expect(order({ provider: A }, setAside(A))).toEqual([A])
    expect(order({ providers: [A, B] }, setAside(A))).toEqual([A, B])
    expect(order({ route: 'cheapest' }, setAside(B))).toEqual([C, A, D, B])
  })

  it('asks every provider of a model before a fallback model', () => {
    const request: TaskRequest = {
      model: 'gpt-image-2',
      n: 1,
      prompt: 'A cat',
      providers: [A, B],
      fallback_models: ['nano-banana-2', 'gpt-image-2'],
    }
    expect(candidatesOf(quote(request, context()))).toEqual([
      { provider: A, model: 'gpt-image-2' },
      { provider: B, model: 'gpt-image-2' },
      { provider: B, model: 'nano-banana-2' },
    ])
  })
})

it.each([
  ['max_usd is set', { max_usd: 1 }, {}],
  ['this key has a spend limit', {}, { needsPrice: true }],
])('names the setting that cures an unknown price when %s', (cause, wishes, changes) => {
  const request: TaskRequest = { model: 'gpt-image-2', n: 1, prompt: 'A cat', ...wishes }
  const reasonWith = (credits: number | null) => {
    const offer = () => ({ unsupported: null, price: { credits, usd: null } })
    return quote({ ...request, provider: C }, context({ offer, ...changes }))[0]?.reason
  }
  expect(reasonWith(10)).toContain(`${cause}; the operator can set GPTIMAGE2_AI_CREDIT_USD`)
  expect(reasonWith(null)).toBe(`its price in dollars is not known, and ${cause}`)
})

it('says why not', () => {
  const request: TaskRequest = { model: 'nano-banana-2', n: 1, prompt: 'A cat', max_usd: 0.05 }
  const quotes = quote(request, context({ enabled: new Set([A, B]) }))
  expect(quotes.map(({ eligible, reason }) => [eligible, reason])).toEqual([
    [false, 'does not offer it'],
    [false, 'it costs $0.1, more than max_usd ($0.05)'],
    [false, 'no API key is set for this provider'],
    [false, 'no API key is set for this provider'],
  ])
})
