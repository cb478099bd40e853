import { describe, expect, it } from 'vitest'
import { TIER_SIZES } from '../../../src/core/tier-sizes'
import { aivideoapiAi as provider } from '../../../src/providers/aivideoapi.ai'
import { offer } from '../../../src/providers/offer'
import {
  accountAnswering,
  creditsFor,
  native,
  playedWorld,
  request,
  type Wishes,
  whyNot,
} from './played.ts'

it('asks to be called back', async () => {
  const world = playedWorld(provider)
  const callback = 'https://gateway.example.com/callbacks/aivideoapi.ai/att_1/token'
  await provider.submit(request(), world.account, callback)
  expect(await world.submissions()).toMatchObject([{ body: { callback_url: callback } }])
})

describe('request → native request', () => {
  it.each<[Wishes, object]>([
    [{}, {}],
    [
      { prompt: undefined, image_urls: ['https://a.example.com/1.png'] },
      { prompt: undefined, image_urls: ['https://a.example.com/1.png'] },
    ],
    [
      { aspect_ratio: '21:9', resolution: '4k' },
      { aspect_ratio: '21:9', resolution: '4k' },
    ],
    [{ resolution: '2k' }, { resolution: '2k' }],
    [{ aspect_ratio: 'auto', quality: 'auto' }, {}],
    [{ size: 'auto' }, {}],
    [{ size: '1881x836' }, { aspect_ratio: '1881x836', resolution: '1k' }],
    [{ size: '3840x1648' }, { aspect_ratio: '3840x1648', resolution: '4k' }],
    [{ provider_options: { 'aivideoapi.ai': { nsfw_checker: false } } }, { nsfw_checker: false }],
  ])('%j', async (wishes, input) => {
    expect(await native(provider, wishes)).toEqual({
      path: '/v1/images/generations',
      body: JSON.parse(
        JSON.stringify({ model: 'gpt-image-2', input: { prompt: 'A cat', ...input } }),
      ),
    })
  })
})

it.each<[Wishes, string]>([
  [{ prompt: undefined }, 'needs a prompt or image_urls'],
  [{ prompt: 'x'.repeat(20_001) }, 'at most 20000 characters'],
  [{ image_urls: Array(17).fill('https://a.example.com/') }, 'at most 16 reference images'],
  [{ aspect_ratio: '7:5' }, 'does not make the aspect ratio 7:5'],
  [{ size: '1000x1000' }, 'does not make the size 1000x1000'],
  [{ quality: 'high' }, 'no quality setting'],
  [{ negative_prompt: 'dogs' }, 'no negative_prompt setting'],
  [{ seed: '7' }, 'no seed setting'],
  [{ model: 'nano-banana-2' }, 'does not offer the model nano-banana-2'],
  [
    { provider_options: { 'aivideoapi.ai': { nsfw_checker: 'no' } } },
    'provider_options.nsfw_checker',
  ],
])('can not make %j', (wishes, reason) => {
  expect(whyNot(provider, wishes)).toContain(reason)
})

it('takes what is just within its limits', () => {
  expect(whyNot(provider, { prompt: 'x'.repeat(20_000) })).toBeNull()
  expect(whyNot(provider, { image_urls: Array(16).fill('https://a.example.com/') })).toBeNull()
})

const CREDITS = { '1k': 4.7, '2k': 9.4, '4k': 14.1 } as const
const ROWS = Object.entries(TIER_SIZES).flatMap(([ratio, tiers]) =>
  (['1k', '2k', '4k'] as const).map((tier) => ({ ratio, tier, sizes: tiers[tier] })),
)

describe('every row of the size table, at its price, as the sandbox reads it', () => {
  it.each(ROWS)('$ratio at $tier', async ({ ratio, tier, sizes }) => {
    const ways: Wishes[] = [
      { aspect_ratio: ratio, resolution: tier },
      ...sizes.map((size) => ({ size })),
    ]
    for (const wishes of ways) {
      expect(creditsFor(provider, wishes)).toBe(CREDITS[tier])
      const world = playedWorld(provider)
      expect((await provider.submit(request(wishes), world.account, undefined)).type).toBe(
        'accepted',
      )
      const [job] = await world.jobs()
      expect(job?.credits).toBe(CREDITS[tier])
      expect(sizes).toContain(`${job?.size.width}x${job?.size.height}`)
      if (wishes.size) expect(`${job?.size.width}x${job?.size.height}`).toBe(wishes.size)
    }
  })

  it('has no size in two tiers, so that a size has one price', () => {
    expect(ROWS).toHaveLength(45)
    for (const { sizes, tier } of ROWS) {
      const others = ROWS.filter((row) => row.tier !== tier).flatMap((row) => row.sizes)
      for (const size of sizes) expect(others).not.toContain(size)
    }
  })
})

it.each([
  ['1k', 0.0235],
  ['2k', 0.047],
  ['4k', 0.0705],
] as const)('costs, at %s, $%d a picture', (resolution, usd) => {
  expect(offer(provider, request({ resolution }), 0.005).price.usd).toBe(usd)
  expect(offer(provider, request({ resolution, n: 3 }), 0.005).price.usd).toBeCloseTo(3 * usd, 6)
})

describe('the error table', () => {
  it.each([
    [400, 'invalid_request', 'refused'],
    [401, 'invalid_api_key', 'refused'],
    [402, 'insufficient_credits', 'refused'],
    [403, 'ip_not_allowed', 'refused'],
    [404, 'model_not_found', 'refused'],
    [429, 'rate_limit_exceeded', 'rate_limited'],
    [429, 'spend_limit_exceeded', 'refused'],
    [500, 'internal_error', 'lost'],
    [503, 'upstream_error', 'refused'],
  ])('%d %s', async (status, code, kind) => {
    const error = { code, message: 'Some words.', type: 'some_type' }
    const outcome = await provider.submit(request(), accountAnswering(status, { error }), undefined)
    expect(outcome.type).toBe(kind)
    if (kind === 'refused')
      expect(outcome).toMatchObject({ failure: { code, message: 'Some words.' } })
  })

  it('takes another 503, or one without a readable body, as unknown', async () => {
    for (const body of [{ error: { code: 'overloaded', message: 'x' } }, '<html>']) {
      const outcome = await provider.submit(request(), accountAnswering(503, body), undefined)
      expect(outcome.type).toBe('lost')
    }
  })
})

describe('answers of the task endpoint', () => {
  const task = { id: 'job', model: 'gpt-image-2', created_at: 1775383908, extra: [] }
  const urls = ['https://file.example.com/a.png']
  it.each<[object, object]>([
    [{ status: 'pending' }, { type: 'pending', note: null }],
    [
      { status: 'processing', output: null, error: null },
      { type: 'pending', note: null },
    ],
    [
      { status: 'completed', output: { urls, metadata: { costTime: 70 } } },
      { type: 'finished', urls, price: null },
    ],
    [
      { status: 'failed', error: { code: 'upstream_error', message: 'Generation failed' } },
      {
        type: 'failed',
        charged: 'no',
        failure: { code: 'upstream_error', message: 'Generation failed' },
      },
    ],
    [
      { status: 'failed', error: null, output: [] },
      { type: 'failed', charged: 'no' },
    ],
    [
      { status: 'completed', output: { urls: 'none' } },
      { type: 'finished', urls: [] },
    ],
  ])('%j', async (body, expected) => {
    expect(
      await provider.poll?.ask('job', accountAnswering(200, { ...task, ...body })),
    ).toMatchObject(expected)
  })
})

it.each([
  [{ credits: 12.5 }, 12.5],
  [{ data: { balance: 0 } }, 0],
  [{ something: 'else' }, null],
])('reads the balance from %j', async (body, credits) => {
  expect(await provider.balance?.(accountAnswering(200, body))).toBe(credits)
})

it.each([
  [{ id: 'job', status: 'completed' }, 'job'],
  [{ id: 7, status: 'COMPLETED' }, '7'],
  [{ code: 200, msg: 'success', data: { id: 'job', status: 'completed' } }, 'job'],
  [{ code: 200, data: { taskId: 'job' } }, 'job'],
  [{ id: '..' }, null],
  [{ status: 'completed' }, null],
  ['job', null],
])('reads the job in the callback %j', (body, reference) => {
  expect(provider.readCallback?.(body)).toBe(reference)
})
