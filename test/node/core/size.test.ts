import { describe, expect, it } from 'vitest'
import { brokenRule, formatSize, parseSize, sizeFor, tierOf } from '../../../src/core/size'

const RULES = {
  multipleOf: 16,
  longEdgeMax: 3840,
  ratioMax: 3,
  pixelsMin: 655_360,
  pixelsMax: 8_294_400,
}

describe('a ratio and a tier become the size of the table, where it is legal at the price', () => {
  it.each([
    ['1:1', '1k', '1024x1024'],
    ['16:9', '1k', '1536x864'],
    ['32:18', '1k', '1536x864'],
    ['16:9', '2k', '2048x1152'],
    ['9:16', '4k', '2160x3840'],
    ['1:1', '4k', '2880x2880'],
    ['4:3', '1k', '1024x768'],
  ] as const)('%s at %s is %s', (ratio, tier, expected) => {
    const size = sizeFor({ ratio, tier }, RULES, tierOf)
    expect(size && formatSize(size)).toBe(expected)
  })

  it.each([
    ['21:9', '1k', '1536x656'],
    ['2:1', '1k', '1536x768'],
    ['1:2', '1k', '768x1536'],
    ['3:1', '1k', '1536x512'],
    ['5:4', '2k', '2048x1648'],
    // Of no row: as large as the row of the nearest ratio.
    ['7:5', '1k', '1056x752'],
  ] as const)('else the nearest of that price: %s at %s is %s', (ratio, tier, expected) => {
    const size = sizeFor({ ratio, tier }, RULES, tierOf)
    expect(size && formatSize(size)).toBe(expected)
  })

  it('finds none where no legal size has the ratio', () => {
    expect(sizeFor({ ratio: '4:1', tier: '1k' }, RULES, tierOf)).toBeNull()
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
