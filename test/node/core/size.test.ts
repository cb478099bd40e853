import { describe, expect, it } from 'vitest'
import { brokenRule, parseRatio, parseSize, sizeFor, tierOf } from '../../../src/core/size'

const RULES = {
  multipleOf: 16,
  longEdgeMax: 3840,
  ratioMax: 3,
  pixelsMin: 655_360,
  pixelsMax: 8_294_400,
}

describe('a ratio and a tier become a legal size', () => {
  it.each([
    ['1:1', '1k', '1536x1536'],
    ['16:9', '1k', '1536x864'],
    ['16:9', '2k', '2048x1152'],
    ['16:9', '4k', '3840x2160'],
    ['9:16', '4k', '2160x3840'],
    ['1:1', '4k', '2880x2880'],
    ['3:1', '1k', '1536x512'],
    ['21:9', '1k', '1456x624'],
  ] as const)('%s at %s is %s', (ratio, tier, expected) => {
    const size = sizeFor(parseRatio(ratio) ?? 0, tier, RULES)
    expect(`${size?.width}x${size?.height}`).toBe(expected)
  })

  it('finds none where no legal size is near enough', () => {
    expect(sizeFor(4, '1k', RULES)).toBeNull()
  })
})

it.each([
  ['1920x1080', 'multiples of 16'],
  ['3856x2160', 'long edge'],
  ['3840x1024', '3:1'],
  ['512x512', '655360'],
  ['3840x2176', '8294400'],
])('%s breaks the rule on %s', (text, rule) => {
  const size = parseSize(text)
  expect(size && brokenRule(size, RULES)).toContain(rule)
})

it.each([
  ['1536x1024', '1k'],
  ['2048x1152', '2k'],
  ['2064x1152', '4k'],
  ['4096x64', null],
])('%s is of tier %s', (text, tier) => {
  const size = parseSize(text)
  expect(size && tierOf(size)).toBe(tier)
})

it.each(['', 'x', '0x5', '5x', '-1x4', '1024X1024', '1e3x4', ' 1x1'])('%j is no size', (text) => {
  expect(parseSize(text)).toBeNull()
})
