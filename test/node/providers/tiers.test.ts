/**
 * A resolution tier at every provider that is sent pixels: the table's size where that is legal and costs
 * what the tier costs, else the legal size of that price nearest to it.
 */
import { describe, expect, it } from 'vitest'
import { type Model, RESOLUTIONS } from '../../../src/core/request'
import { parseRatio, parseSize } from '../../../src/core/size'
import { TIER_SIZES } from '../../../src/core/tier-sizes'
import { PROVIDERS } from '../../../src/providers'
import { creditsFor, native, whyNot } from './played.ts'

/** Each row by another road than the code's: the provider's rules in one line, its bill in another. */
const SENT_PIXELS = [
  {
    provider: PROVIDERS['nanobananaapi.dev'],
    model: 'gpt-image-2',
    isLegal: (w: number, h: number) =>
      [w % 16, h % 16].every((rest) => rest === 0) &&
      Math.max(w, h) <= Math.min(3840, 3 * Math.min(w, h)) &&
      w * h >= 655_360 &&
      w * h <= 8_294_400,
    credits: (w: number, h: number) =>
      Math.max(w, h) <= 1536 ? 14 : Math.max(w, h) <= 2048 ? 67 : 133,
    tiers: { '1k': 14, '2k': 67, '4k': 133 },
  },
  {
    provider: PROVIDERS['gptimage2api.org'],
    model: 'gpt-image-2',
    isLegal: (w: number, h: number) => [w, h].every((edge) => edge >= 64 && edge <= 4096),
    credits: () => 3,
    tiers: { '1k': 3, '2k': 3, '4k': 3 },
  },
  {
    provider: PROVIDERS['gptimage2api.org'],
    model: 'nano-banana-2',
    isLegal: (w: number, h: number) => [w, h].every((edge) => edge >= 64 && edge <= 4096),
    credits: (w: number, h: number) =>
      Math.max(w, h) <= 1536 ? 4 : Math.max(w, h) <= 2048 ? 6 : 8,
    tiers: { '1k': 4, '2k': 6, '4k': 8 },
  },
] as const

const ROWS = Object.keys(TIER_SIZES).flatMap((ratio) =>
  RESOLUTIONS.map((resolution) => ({ ratio, resolution })),
)

describe.each(SENT_PIXELS)('$provider.id with $model', (sent) => {
  const { provider, isLegal, credits, tiers } = sent
  const model: Model = sent.model

  it.each(ROWS)('$ratio at $resolution', async ({ ratio, resolution }) => {
    const wishes = { model, aspect_ratio: ratio, resolution }
    expect(whyNot(provider, wishes)).toBeNull()
    const body = (await native(provider, wishes))?.body
    const text = body?.size ?? `${body?.width}x${body?.height}`
    const size = parseSize(String(text))
    if (!size) throw new Error(`No size in ${JSON.stringify(body)}.`)
    const { width, height } = size

    expect(isLegal(width, height)).toBe(true)
    expect(credits(width, height)).toBe(tiers[resolution])
    expect(creditsFor(provider, wishes)).toBe(tiers[resolution])

    const [meant = ''] = TIER_SIZES[ratio]?.[resolution] ?? []
    const [w = 0, h = 0] = meant.split('x').map(Number)
    if (isLegal(w, h) && credits(w, h) === tiers[resolution]) {
      expect(text).toBe(meant)
      return
    }
    const wanted = parseRatio(ratio) ?? 0
    expect(Math.abs(width / height / wanted - 1)).toBeLessThanOrEqual(0.01)
    const distance = Math.abs(width * height - w * h)
    for (let other = 16; other <= 4096; other += 16) {
      for (let short = 16; short <= 4096; short += 16) {
        if (Math.abs(other / short / wanted - 1) > 0.01) continue
        if (!isLegal(other, short) || credits(other, short) !== tiers[resolution]) continue
        expect(Math.abs(other * short - w * h)).toBeGreaterThanOrEqual(distance)
      }
    }
  })
})

it('is the same picture, whoever makes it', async () => {
  const wishes = { aspect_ratio: '1:1', resolution: '1k' } as const
  expect((await native(PROVIDERS['nanobananaapi.dev'], wishes))?.body.size).toBe('1024x1024')
  const { body } = (await native(PROVIDERS['gptimage2api.org'], wishes)) ?? {}
  expect([body?.width, body?.height]).toEqual([1024, 1024])
})
