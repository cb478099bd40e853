/** The contact sheet: every card has room for its words, rows fill the width, order is kept. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { layOut, rowsWithin, type SheetRules } from '../../studio/gallery/rows.ts'

const RULES: SheetRules = { width: 960, gap: 20, heightWanted: 270, widthMin: 150, footer: 74 }

const pictures = fc
  .array(fc.double({ min: 0.2, max: 5, noNaN: true }), { minLength: 1, maxLength: 60 })
  .map((ratios) => ratios.map((ratio, position) => ({ id: String(position), ratio })))
const rules = fc
  .integer({ min: 300, max: 1700 })
  .map((width) => ({ ...RULES, width, ...(width < 640 ? { widthMin: 128, gap: 14 } : {}) }))

describe('any pictures in any width', () => {
  it('keeps all of them, in order', () => {
    void fc.assert(
      fc.property(pictures, rules, (list, given) => {
        const ids = layOut(list, given).rows.flatMap(({ cells }) => cells.map(({ id }) => id))
        expect(ids).toEqual(list.map(({ id }) => id))
      }),
    )
  })

  it('stays within the width, overlaps nothing, and leaves room for words', () => {
    void fc.assert(
      fc.property(pictures, rules, (list, given) => {
        for (const { cells } of layOut(list, given).rows) {
          const ends = cells.map(({ left, width }) => left + width)
          for (const [position, { left, width }] of cells.entries()) {
            expect(left).toBeGreaterThanOrEqual((ends[position - 1] ?? -given.gap) + given.gap - 1)
            // A pixel for rounding.
            expect(width).toBeGreaterThanOrEqual(given.widthMin - 1)
          }
          expect(ends.at(-1)).toBeLessThanOrEqual(given.width + 1)
        }
      }),
    )
  })

  it('stacks rows without gaps or overlaps', () => {
    void fc.assert(
      fc.property(pictures, rules, (list, given) => {
        const { rows, height } = layOut(list, given)
        let top = 0
        for (const row of rows) {
          expect(row.top).toBe(top)
          top += row.height + given.gap
        }
        expect(height).toBe(top - given.gap)
      }),
    )
  })
})

it('fills the width with every row but the last', () => {
  const list = Array.from({ length: 12 }, (_, position) => ({ id: String(position), ratio: 4 / 3 }))
  for (const { cells } of layOut(list, RULES).rows.slice(0, -1)) {
    const last = cells.at(-1)
    expect((last?.left ?? 0) + (last?.width ?? 0)).toBeGreaterThanOrEqual(RULES.width - 2)
  }
})

it('finds the rows that meet a stretch', () => {
  const list = Array.from({ length: 40 }, (_, position) => ({ id: String(position), ratio: 1 }))
  const { rows } = layOut(list, RULES)
  const [, second, third] = rows
  const found = rowsWithin(rows, (second?.top ?? 0) + 1, (third?.top ?? 0) + 1)
  expect(found).toEqual([second, third])
})
