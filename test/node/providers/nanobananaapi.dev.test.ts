import { describe, expect, it } from 'vitest'
import { nanobananaapiDev as provider } from '../../../src/providers/nanobananaapi.dev'
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
  const image_urls = ['https://a.example.com/1.png']
  it.each<[Wishes, object, string?]>([
    [{}, { n: 1 }],
    [{ size: 'auto', quality: 'auto', aspect_ratio: 'auto' }, { n: 1 }],
    [
      { size: '2048x1152', quality: 'high' },
      { n: 1, size: '2048x1152', quality: 'high' },
    ],
    [{ aspect_ratio: '16:9' }, { n: 1, size: '1536x864' }],
    [
      { aspect_ratio: '16:9', resolution: '4k' },
      { n: 1, size: '3840x2160' },
    ],
    [
      { aspect_ratio: '7:5', resolution: '2k' },
      { n: 1, size: '2048x1472' },
    ],
    [{ resolution: '4k' }, { n: 1, size: '2880x2880' }],
    [{ image_urls }, { n: 1, image: image_urls }, '/v1/images/edit'],
    [{ model: 'gemini-3-pro-image-preview', image_urls }, { image: image_urls }, '/v1/images/edit'],
  ])('%j', async (wishes, body, path = '/v1/images/generate') => {
    const model = wishes.model ?? 'gpt-image-2'
    expect(await native(provider, wishes)).toEqual({
      path,
      body: { model, prompt: 'A cat', ...body },
    })
  })
})

it.each<[Wishes, string]>([
  [{ prompt: undefined, image_urls: ['https://a.example.com/'] }, 'needs a prompt'],
  [{ prompt: 'x'.repeat(2_001) }, 'at most 2000 characters'],
  [{ image_urls: Array(15).fill('https://a.example.com/') }, 'at most 14 reference images'],
  [{ size: '1000x1000' }, 'multiples of 16'],
  [{ size: '3856x2160' }, 'long edge must not exceed 3840'],
  [{ size: '3840x1024' }, 'must not exceed 3:1'],
  [{ size: '512x512' }, 'between 655360 and 8294400'],
  [{ size: '3840x3840' }, 'between 655360 and 8294400'],
  [{ aspect_ratio: '4:1' }, 'has no 1k size of the aspect ratio 4:1'],
  [{ negative_prompt: 'dogs' }, 'no negative_prompt setting'],
  [{ seed: '1' }, 'no seed setting'],
  [{ model: 'gemini-3-pro-image-preview', size: '1024x1024' }, 'no size setting for gemini'],
  [{ model: 'nano-banana-2' }, 'does not offer the model'],
])('can not make %j', (wishes, reason) => {
  expect(whyNot(provider, wishes)).toContain(reason)
})

describe('popular presets', () => {
  it.each([
    '1024x1024',
    '1536x1024',
    '1024x1536',
    '2048x2048',
    '2048x1152',
    '3840x2160',
    '2160x3840',
    'auto',
  ])('%s', (size) => expect(whyNot(provider, { size })).toBeNull())
})

describe('the price table and its examples', () => {
  const TABLE = [
    ['1536x1024', 1, 4, 14],
    ['2048x2048', 2, 17, 67],
    ['3840x2160', 4, 34, 133],
  ] as const
  const rows = TABLE.flatMap(
    ([size, low, medium, high]): Array<[Wishes, number]> => [
      [{ size, quality: 'low' }, low],
      [{ size, quality: 'medium' }, medium],
      [{ size, quality: 'high' }, high],
      [{ size, quality: 'auto' }, high],
    ],
  )
  it.each<[Wishes, number | null]>([
    ...rows,
    [{ size: 'auto', quality: 'auto' }, 14],
    [{}, 14],
    [{ size: '1024x1024', quality: 'low' }, 1],
    [{ size: '1536x1024', quality: 'medium' }, 4],
    [{ size: '2048x1152', quality: 'high' }, 67],
    [{ size: '3840x2160', quality: 'high' }, 133],
  ])('%j costs %d', async (wishes, credits) => {
    expect(creditsFor(provider, wishes)).toBe(credits)
    expect(creditsFor(provider, { ...wishes, n: 3 })).toBe((credits ?? 0) * 3)
    const world = playedWorld(provider)
    await provider.submit(request(wishes), world.account, undefined)
    expect((await world.jobs())[0]?.credits).toBe(credits)
  })

  it('knows no price of the Gemini models', () => {
    expect(creditsFor(provider, { model: 'gemini-3.1-flash-image-preview' })).toBeNull()
  })
})

describe('answers', () => {
  const urls = ['https://cdn.example.com/a.png']
  it.each<[object, object]>([
    [{ data: { url: urls[0] } }, { type: 'finished', urls, price: null }],
    [{ data: [{ url: urls[0] }] }, { type: 'finished', urls, price: null }],
    [
      { data: { url: urls[0], extra: null }, costCredits: 14 },
      { type: 'finished', urls, price: priceOf(14, CREDIT_USD) },
    ],
    [
      { data: [{ url: null }, { url: urls[0] }], costCredits: '14' },
      { type: 'finished', urls, price: priceOf(14, CREDIT_USD) },
    ],
    [
      { data: { url: urls[0] }, costCredits: { amount: 14 } },
      { type: 'finished', urls, price: null },
    ],
    [
      { data: { url: urls[0], costCredits: 67 } },
      { type: 'finished', urls, price: priceOf(67, CREDIT_USD) },
    ],
    [
      { data: [{ url: urls[0] }], costCredits: null },
      { type: 'finished', urls, price: null },
    ],
    [{ data: { url: null } }, { type: 'lost' }],
    [{ data: [] }, { type: 'lost' }],
    [{ data: [{ url: null }] }, { type: 'lost' }],
  ])('%j', async (body, expected) => {
    expect(await provider.submit(request(), accountAnswering(200, body), undefined)).toMatchObject(
      expected,
    )
  })

  it.each([
    [400, 'plain text', 'http_400'],
    [404, '', 'http_404'],
    [422, { error: { message: 'No', code: 'bad_size' } }, 'bad_size'],
    [451, { error: 'No' }, 'refused'],
  ])('takes any 4xx as a refusal: %d %j', async (status, body, code) => {
    const outcome = await provider.submit(request(), accountAnswering(status, body), undefined)
    expect(outcome).toMatchObject({ type: 'refused', failure: { code } })
  })
})
