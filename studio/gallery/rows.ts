/**
 * Pictures in rows of one height that fill the width, as on a contact sheet: each whole, none
 * cropped, in order. Pure, so that every height is known before anything loads.
 */

export interface Cell {
  id: string
  left: number
  width: number
}

export interface Row {
  top: number
  height: number
  cells: Cell[]
}

export interface Sheet {
  rows: Row[]
  height: number
}

export interface SheetRules {
  width: number
  gap: number
  /** Pictures of a row are about so high. */
  heightWanted: number
  /** No card is narrower, for its words need room. */
  widthMin: number
  /** Below each picture, for its words. */
  footer: number
}

/** Width to height of what a card shows; extremes are shown whole inside of these. */
const RATIO_MIN = 0.56
const RATIO_MAX = 2.4
/** Of the height that is wanted. */
const HEIGHT_MAX_SHARE = 1.5

export function clampRatio(ratio: number): number {
  return Math.min(RATIO_MAX, Math.max(RATIO_MIN, ratio))
}

/** @param pictures ratios are width to height */
export function layOut(
  pictures: ReadonlyArray<{ id: string; ratio: number }>,
  rules: SheetRules,
): Sheet {
  const rows: Row[] = []
  let top = 0
  let line: Array<{ id: string; ratio: number }> = []
  const close = (isLast: boolean) => {
    const row = rowOf(line, top, rules, isLast)
    rows.push(row)
    top += row.height + rules.gap
    line = []
  }
  for (const { id, ratio } of pictures) {
    const picture = { id, ratio: clampRatio(ratio) }
    if (line.length > 0 && !hasRoom([...line, picture], rules)) close(false)
    line.push(picture)
    if (pictureHeight(line, rules) <= rules.heightWanted) close(false)
  }
  if (line.length > 0) close(true)
  return { rows, height: Math.max(0, top - rules.gap) }
}

/** Whether the narrowest of a line still has room for its words. */
function hasRoom(line: ReadonlyArray<{ ratio: number }>, rules: SheetRules): boolean {
  const narrowest = Math.min(...line.map(({ ratio }) => ratio))
  return pictureHeight(line, rules) * narrowest >= rules.widthMin
}

/** At which the pictures of a line fill the width. */
function pictureHeight(line: ReadonlyArray<{ ratio: number }>, rules: SheetRules): number {
  const ratios = line.reduce((sum, { ratio }) => sum + ratio, 0)
  return (rules.width - rules.gap * (line.length - 1)) / ratios
}

function rowOf(
  line: ReadonlyArray<{ id: string; ratio: number }>,
  top: number,
  rules: SheetRules,
  isLast: boolean,
): Row {
  const filling = pictureHeight(line, rules)
  // The last row is not blown up, and a lone tall picture does not fill the window.
  const height = Math.min(filling, rules.heightWanted * (isLast ? 1 : HEIGHT_MAX_SHARE))
  // A row that may not be as high as would fill the width fills it all the same, with room beside.
  const scale = isLast ? height : filling
  let left = 0
  const cells = line.map(({ id, ratio }) => {
    const width = ratio * scale
    const cell = { id, left: Math.round(left), width: Math.floor(width) }
    left += width + rules.gap
    return cell
  })
  return { top, height: Math.floor(height) + rules.footer, cells }
}

/** The rows that meet a stretch of the page. */
export function rowsWithin(rows: readonly Row[], from: number, to: number): Row[] {
  return rows.filter(({ top, height }) => top < to && top + height > from)
}
