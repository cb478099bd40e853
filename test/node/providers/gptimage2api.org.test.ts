import { describe, expect, it } from 'vitest'
import type { Model } from '../../../src/core/request'
import { gptimage2apiOrg as provider } from '../../../src/providers/gptimage2api.org'
import { priceOf } from '../../../src/providers/provider'
import {
  accountAnswering,
  CREDIT_USD,
  creditsFor,
  native,
  playedWorld,
  request,
  type Wishes,
  whyNot,
} from './played.ts'

describe('request → native request', () => {
  it.each<[Wishes, object]>([
    [{}, {}],
    [{ aspect_ratio: '4:5' }, { aspectRatio: '4:5' }],
    [{ aspect_ratio: '32:18' }, { aspectRatio: '16:9' }],
    [{ aspect_ratio: '2:1' }, { width: 2048, height: 1024 }],
    [
      { aspect_ratio: '2:1', model: 'nano-banana-pro' },
      { width: 2048, height: 1024, model: 'nano-banana-pro' },
    ],
    [{ aspect_ratio: 'auto', size: 'auto', quality: 'auto' }, {}],
    [
      { aspect_ratio: '16:9', resolution: '2k' },
      { width: 2048, height: 1152 },
    ],
    [{ resolution: '4k' }, { width: 2880, height: 2880 }],
    [{ size: '1000x777' }, { width: 1000, height: 777 }],
    [{ n: 10 }, { numOutputs: 10 }],
    [{ seed: '12345678901234567890' }, { seed: '12345678901234567890' }],
    [{ negative_prompt: 'dogs' }, { negativePrompt: 'dogs' }],
    [
      { image_urls: ['https://a.example.com/1.png'] },
      { inputImageUrls: ['https://a.example.com/1.png'] },
    ],
    [
      {
        provider_options: {
          'gptimage2api.org': {
            guidanceScale: 7.5,
            numInferenceSteps: 30,
            providerInput: { a: [1] },
          },
        },
      },
      { guidanceScale: 7.5, numInferenceSteps: 30, providerInput: { a: [1] } },
    ],
  ])('%j', async (wishes, body) => {
    expect(await native(provider, wishes)).toEqual({
      path: '/api/ai/image/generate',
      body: { model: 'gpt-image-2', prompt: 'A cat', ...body },
    })
  })
})

it.each<[Wishes, string]>([
  [{ prompt: undefined, image_urls: ['https://a.example.com/'] }, 'needs a prompt'],
  [{ prompt: 'x'.repeat(20_001) }, 'at most 20000 characters'],
  [{ model: 'nano-banana-pro', prompt: 'x'.repeat(10_001) }, 'at most 10000 characters'],
  [{ model: 'google/nano-banana', prompt: 'x'.repeat(5_001) }, 'at most 5000 characters'],
  [{ image_urls: Array(5).fill('https://a.example.com/') }, 'at most 4 reference images'],
  [{ model: 'nano-banana-pro', image_urls: Array(9).fill('https://a.example.com/') }, 'at most 8'],
  [
    { model: 'google/nano-banana', image_urls: Array(11).fill('https://a.example.com/') },
    'at most 10',
  ],
  [{ model: 'nano-banana-2', image_urls: Array(15).fill('https://a.example.com/') }, 'at most 14'],
  [{ negative_prompt: 'x'.repeat(2_001) }, 'negative_prompt of at most 2000'],
  [{ quality: 'low' }, 'no quality setting'],
  [{ aspect_ratio: '70:1' }, 'has no size of the ratio 70:1'],
  [{ size: '63x64' }, '64 to 4096'],
  [{ size: '4097x64' }, '64 to 4096'],
  [{ model: 'nano-banana-pro', resolution: '1k' }, 'at 2k and 4k only'],
  [{ model: 'gemini-3-pro-image-preview' }, 'does not offer the model'],
  [
    { provider_options: { 'gptimage2api.org': { guidanceScale: 101 } } },
    'provider_options.guidanceScale',
  ],
  [
    { provider_options: { 'gptimage2api.org': { numInferenceSteps: 0 } } },
    'provider_options.numInferenceSteps',
  ],
])('can not make %j', (wishes, reason) => {
  expect(whyNot(provider, wishes)).toContain(reason)
})

describe('the price table', () => {
  it.each<[Model, Wishes, number]>([
    ['gpt-image-2', {}, 3],
    ['gpt-image-2', { n: 4 }, 3],
    ['gpt-image-2', { resolution: '4k' }, 3],
    ['nano-banana-2', {}, 4],
    ['nano-banana-2', { resolution: '1k' }, 4],
    ['nano-banana-2', { resolution: '2k' }, 6],
    ['nano-banana-2', { resolution: '4k' }, 8],
    ['nano-banana-2', { resolution: '4k', n: 2 }, 16],
    ['nano-banana-pro', {}, 12],
    ['nano-banana-pro', { resolution: '2k' }, 12],
    ['nano-banana-pro', { resolution: '4k' }, 20],
    ['google/nano-banana', {}, 3],
    ['google/nano-banana', { n: 3 }, 3],
  ])('%s with %j costs %d', async (model, wishes, credits) => {
    expect(creditsFor(provider, { model, ...wishes })).toBe(credits)
    const world = playedWorld(provider)
    await provider.submit(request({ model, ...wishes }), world.account, undefined)
    expect((await world.jobs())[0]?.credits).toBe(credits)
  })
})

describe('documented answers', () => {
  it('believes the credits that the response names', async () => {
    const account = accountAnswering(200, { taskId: 'tsk_1', status: 0, creditsUsed: 12 })
    expect(await provider.submit(request(), account, undefined)).toEqual({
      type: 'accepted',
      reference: 'tsk_1',
      price: priceOf(12, CREDIT_USD),
    })
  })

  it.each([
    ['2.5', 2.5],
    ['many', null],
    [-1_000, null],
    [1e300, null],
    [{}, null],
  ])('takes a job whose creditsUsed is %j', async (creditsUsed, credits) => {
    const account = accountAnswering(200, { taskId: 7, creditsUsed })
    expect(await provider.submit(request(), account, undefined)).toMatchObject({
      type: 'accepted',
      reference: '7',
      price: credits === null ? null : priceOf(credits, CREDIT_USD),
    })
  })

  it.each([
    [400, { error: 'Invalid request', details: {} }, 'invalid_request'],
    [401, { error: 'Unauthorized' }, 'unauthorized'],
    [402, { error: 'Insufficient credits', required: 12 }, 'insufficient_credits'],
  ])('refuses with %d', async (status, body, code) => {
    const outcome = await provider.submit(request(), accountAnswering(status, body), undefined)
    expect(outcome).toMatchObject({ type: 'refused', failure: { code, message: body.error } })
  })

  const task = {
    id: 'tsk_1',
    type: 'image',
    creditsUsed: 3,
    creditRefunded: false,
    completedAt: null,
  }
  const outputImageUrls = ['https://static.example.com/a.jpg']
  it.each<[object, object]>([
    [{ status: 0 }, { type: 'pending', note: null }],
    [
      { status: '0', creditsUsed: null },
      { type: 'pending', note: null },
    ],
    [{ status: 'PENDING' }, { type: 'pending', note: null }],
    [
      { status: 'COMPLETED', outputImageUrls },
      { type: 'finished', urls: outputImageUrls },
    ],
    [
      { status: 'failed', creditRefunded: true },
      { type: 'failed', charged: 'no' },
    ],
    [{ status: 9 }, { type: 'pending', note: 'unknown status "9"' }],
    [
      { status: 1, outputImageUrls },
      { type: 'finished', urls: outputImageUrls, price: priceOf(3, CREDIT_USD) },
    ],
    [
      { status: 1, outputImageUrls: [null, ...outputImageUrls, 7], creditsUsed: '3' },
      { type: 'finished', urls: outputImageUrls, price: priceOf(3, CREDIT_USD) },
    ],
    [
      { status: 1, outputImageUrls: null },
      { type: 'finished', urls: [], price: priceOf(3, CREDIT_USD) },
    ],
    [
      { status: 2, errorCode: 'E1', errorMessage: 'Upstream failed', creditRefunded: true },
      { type: 'failed', charged: 'no', failure: { code: 'E1', message: 'Upstream failed' } },
    ],
    [
      { status: 2, errorCode: null, errorMessage: null },
      { type: 'failed', charged: 'yes', price: priceOf(3, CREDIT_USD) },
    ],
    [
      { status: 2, creditRefunded: null, outputImageUrls: '' },
      { type: 'failed', charged: 'no' },
    ],
    [
      { status: 2, creditRefunded: undefined },
      { type: 'failed', charged: 'no' },
    ],
    [
      { status: 1, creditRefunded: undefined, creditsUsed: undefined, outputImageUrls },
      { type: 'finished', urls: outputImageUrls },
    ],
    [
      { status: 2, creditRefunded: 1 },
      { type: 'failed', charged: 'no' },
    ],
    [
      { status: 2, creditRefunded: 'false' },
      { type: 'failed', charged: 'yes' },
    ],
    [
      { status: 2, creditRefunded: 'partly' },
      { type: 'failed', charged: 'unknown' },
    ],
    [
      { status: 1, outputImageUrls, creditRefunded: 'partly' },
      { type: 'finished', urls: outputImageUrls },
    ],
    [
      { status: 1, outputImageUrls: 'none' },
      { type: 'finished', urls: [] },
    ],
  ])('shows %j', async (body, expected) => {
    expect(
      await provider.poll?.ask('tsk_1', accountAnswering(200, { ...task, ...body })),
    ).toMatchObject(expected)
  })
})
