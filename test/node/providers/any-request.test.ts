/** For any request, either a provider says why it can't, or the strict sandbox takes it, at the price. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type ImageRequest,
  MODELS,
  PROVIDER_IDS,
  QUALITIES,
  RESOLUTIONS,
} from '../../../src/core/request'
import { PROVIDERS } from '../../../src/providers'
import { offer, splitCalls, withoutAuto } from '../../../src/providers/offer'
import { playedWorld } from './played.ts'

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 })
const edge = fc.oneof(
  fc.integer({ min: 1, max: 260 }).map((n) => n * 16),
  fc.integer({ min: 1, max: 4200 }),
)
const pixelSize = fc.oneof(
  fc.constantFrom('1024x1024', '1254x1254', '1881x836', '3840x2160', 'auto'),
  fc.tuple(edge, edge).map(([width, height]) => `${width}x${height}`),
)
const ratio = fc.oneof(
  fc.constantFrom('auto', '1:1', '16:9', '9:16', '4:3', '4:5', '21:9', '3:1'),
  fc
    .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }))
    .map(([w, h]) => `${w}:${h}`),
)
const shape = fc.oneof(
  fc.record({ size: maybe(pixelSize) }),
  fc.record({ aspect_ratio: maybe(ratio), resolution: maybe(fc.constantFrom(...RESOLUTIONS)) }),
)
const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }),
  fc.constantFrom(1_999, 2_001, 5_001, 10_001, 20_001).map((length) => 'x'.repeat(length)),
)
const requests: fc.Arbitrary<ImageRequest> = fc
  .tuple(
    shape,
    fc.record({
      model: fc.oneof(fc.constant('gpt-image-2' as const), fc.constantFrom(...MODELS)),
      n: fc.integer({ min: 1, max: 10 }),
      prompt: maybe(text),
      image_urls: maybe(
        fc
          .integer({ min: 1, max: 16 })
          .map((n) => Array<string>(n).fill('https://a.example.com/x.png')),
      ),
      quality: maybe(fc.constantFrom(...QUALITIES)),
      negative_prompt: maybe(text),
      seed: maybe(fc.string({ minLength: 1, maxLength: 20 })),
    }),
  )
  .map(([first, second]) => JSON.parse(JSON.stringify({ ...second, ...first })) as ImageRequest)

describe.each(PROVIDER_IDS)('%s', (id) => {
  it('takes every request that it is said to take, at the price', async () => {
    const provider = PROVIDERS[id]
    let taken = 0
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const { unsupported, price } = offer(provider, request, null)
        if (unsupported) {
          expect(unsupported).toMatch(/^\w.{5,}/)
          return
        }
        taken++
        const world = playedWorld(provider)
        for (const n of splitCalls(request.n, provider.imagesPerCall)) {
          const outcome = await provider.submit(
            withoutAuto({ ...request, n }),
            world.account,
            undefined,
          )
          expect(outcome.type).toMatch(/accepted|finished/)
        }
        const jobs = await world.jobs()
        expect(jobs.reduce((sum, job) => sum + job.count, 0)).toBe(request.n)
        if (price.credits !== null) {
          const paid = jobs.reduce((sum, job) => sum + job.credits, 0)
          expect(paid).toBeCloseTo(price.credits, 6)
        }
        const exact = withoutAuto(request).size
        for (const { size } of jobs) if (exact) expect(`${size.width}x${size.height}`).toBe(exact)
      }),
      { numRuns: 1_500 },
    )
    expect(taken).toBeGreaterThan(20)
  })
})
