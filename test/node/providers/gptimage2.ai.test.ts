import { describe, expect, it } from 'vitest'
import { gptimage2Ai as provider } from '../../../src/providers/gptimage2.ai'
import { accountAnswering, creditsFor, native, request, type Wishes, whyNot } from './played.ts'

describe('request → native request', () => {
  const image_urls = ['https://a.example.com/1.png', 'https://a.example.com/2.png']
  it.each<[Wishes, object]>([
    [{}, {}],
    [
      { aspect_ratio: '3:4', n: 4 },
      { ratio: '3:4', count: 4 },
    ],
    [{ aspect_ratio: 'auto' }, {}],
    [{ image_urls }, { mode: 'image-to-image', imageUrls: image_urls }],
    [{ negative_prompt: 'dogs' }, { negative: 'dogs' }],
    [
      {
        provider_options: {
          'gptimage2.ai': { style: 'cinematic', lighting: 'soft', camera: 'macro' },
        },
      },
      { style: 'cinematic', lighting: 'soft', camera: 'macro' },
    ],
  ])('%j', async (wishes, body) => {
    expect(await native(provider, wishes)).toEqual({
      path: '/api/generate',
      body: { prompt: 'A cat', mode: 'text-to-image', count: 1, ...body },
    })
  })
})

it.each<[Wishes, string]>([
  [{ prompt: undefined, image_urls: ['https://a.example.com/'] }, 'needs a prompt'],
  [{ prompt: '   ' }, 'not blank'],
  [{ aspect_ratio: '4:5' }, 'it makes 1:1, 16:9, 9:16, 4:3, 3:4'],
  [{ size: '1024x1024' }, 'no size setting'],
  [{ resolution: '1k' }, 'no resolution setting'],
  [{ quality: 'low' }, 'no quality setting'],
  [{ seed: '1' }, 'no seed setting'],
  [{ model: 'nano-banana-pro' }, 'does not offer the model'],
  [{ provider_options: { 'gptimage2.ai': { style: 7 } } }, 'provider_options.style'],
])('can not make %j', (wishes, reason) => {
  expect(whyNot(provider, wishes)).toContain(reason)
})

it.each([
  [1, 10],
  [4, 40],
  [10, 100],
])('makes %d pictures for %d credits', (n, credits) => {
  expect(creditsFor(provider, { n })).toBe(credits)
})

describe('documented answers', () => {
  const balance = { paidCredits: 490, freeImagesRemaining: 0, totalImages: 49, freeImagesPerDay: 0 }
  const results = [
    { imageUrl: 'https://file.example.com/demo.png', seed: '1', finalPrompt: 'A cup' },
  ]
  it.each<[number, object, object]>([
    [202, { status: 'pending' }, { type: 'pending', note: null }],
    [202, { status: 'running', balance: null }, { type: 'pending', note: null }],
    [
      200,
      { status: 'succeeded', results, balance },
      { type: 'finished', urls: ['https://file.example.com/demo.png'] },
    ],
    [
      200,
      { status: 'succeeded', results: [{ imageUrl: null }, null, ...results] },
      { type: 'finished', urls: ['https://file.example.com/demo.png'] },
    ],
    [
      200,
      { status: 'failed', error: 'upstream_error', balance },
      {
        type: 'failed',
        charged: 'no',
        failure: { code: 'upstream_error', message: 'upstream_error' },
      },
    ],
    [200, { status: 'failed', results: {} }, { type: 'failed', charged: 'no' }],
    [200, { status: 'archived' }, { type: 'pending', note: 'unknown status "archived"' }],
  ])('shows %d %j', async (status, body, expected) => {
    expect(
      await provider.poll?.ask('job', accountAnswering(status, { jobId: 'job', ...body })),
    ).toMatchObject(expected)
  })

  it('takes a job that is already done at submission by asking for it', async () => {
    const account = accountAnswering(200, { jobId: 'job', status: 'succeeded', results })
    expect(await provider.submit(request(), account, undefined)).toMatchObject({
      type: 'accepted',
      reference: 'job',
    })
  })
})
