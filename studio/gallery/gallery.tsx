/**
 * The contact sheet of all tasks, newest first.
 *
 * Invariant: only cards near the window are in the page, however many tasks there are; the room of
 * the others is kept, for their sizes are known.
 */
import { useSignal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { isFiltered } from '../address.ts'
import { Button } from '../parts/button.tsx'
import { Card } from './card.tsx'
import { isBeforeFirstPage, isLoading, isWhole, loadFault, loadMore, shown } from './list.ts'
import { ratioOf } from './ratio.ts'
import { layOut, rowsWithin, type SheetRules } from './rows.ts'
import { selected } from './selected.ts'
import { titleOf } from './title.ts'
import { useStretch } from './viewport.ts'
import './gallery.css'

/** Rows so far outside of the window are there already when one scrolls to them. */
const MARGIN = 900
/** The next page is asked for so long before the end comes into sight. */
const AHEAD = 1600

/** Three lines of words; the style sheet knows it as `--card-words`. */
const FOOTER = 74

const NARROW: Omit<SheetRules, 'width'> = {
  gap: 14,
  heightWanted: 230,
  widthMin: 128,
  footer: FOOTER,
}
const WIDE: Omit<SheetRules, 'width'> = {
  gap: 20,
  heightWanted: 270,
  widthMin: 150,
  footer: FOOTER,
}

export function Gallery() {
  const sheetElement = useRef<HTMLDivElement>(null)
  const { width, from, to } = useStretch(sheetElement)
  const focused = useSignal<string | null>(null)
  const tasks = shown.value

  const rules = width < 640 ? NARROW : WIDE

  const sheet = useMemo(() => {
    const pictures = tasks.map((task) => ({ id: task.id, ratio: ratioOf(task) }))
    return layOut(pictures, { ...rules, width: Math.max(width, rules.widthMin) })
  }, [tasks, width])

  const isNearEnd = to + AHEAD > sheet.height
  useEffect(() => {
    if (isNearEnd && !isBeforeFirstPage.value && !isLoading.value && loadFault.value === null)
      void loadMore()
  }, [isNearEnd, tasks, isLoading.value])

  const byId = useMemo(
    () => new Map(tasks.map((task, position) => [task.id, { task, position }])),
    [tasks],
  )
  const near = rowsWithin(sheet.rows, from - MARGIN, to + MARGIN)
  // The row that has the focus stays, or the keyboard would lose its place.
  const kept = sheet.rows.filter((row) => row.cells.some(({ id }) => id === focused.value))
  const rows = [...new Set([...near, ...kept])]

  return (
    <div
      class={selected.value.length > 0 ? 'gallery is-selecting' : 'gallery'}
      role="feed"
      aria-label="Pictures"
      aria-busy={isLoading.value}
    >
      <div ref={sheetElement} class="sheet" style={{ height: `${sheet.height}px` }}>
        {rows.flatMap((row) =>
          row.cells.map((cell) => {
            const entry = byId.get(cell.id)
            if (!entry) return null
            return (
              <article
                key={cell.id}
                class="card"
                aria-label={titleOf(entry.task)}
                aria-posinset={entry.position + 1}
                aria-setsize={isWhole.value ? tasks.length : -1}
                style={{
                  left: `${cell.left}px`,
                  top: `${row.top}px`,
                  width: `${cell.width}px`,
                  height: `${row.height}px`,
                }}
                onFocusCapture={() => {
                  focused.value = cell.id
                }}
              >
                <Card task={entry.task} width={cell.width} />
              </article>
            )
          }),
        )}
      </div>
      <End />
    </div>
  )
}

/** What stands below the last row. */
function End() {
  if (loadFault.value !== null)
    return (
      <div class="gallery-end" role="alert">
        <p>{loadFault.value}</p>
        <Button icon="again" onClick={() => void loadMore()}>
          Try again
        </Button>
      </div>
    )
  if (isLoading.value || isBeforeFirstPage.value) return <p class="gallery-end soft">Loading …</p>
  if (!isWhole.value && shown.value.length === 0)
    return (
      <div class="gallery-end">
        <p class="soft">Nothing so far.</p>
        <Button onClick={() => void loadMore()}>Look further back</Button>
      </div>
    )
  if (shown.value.length === 0) return <Empty />
  return null
}

function Empty() {
  return (
    <div class="gallery-empty">
      <div class="gallery-empty-art" aria-hidden="true" />
      <h2>{isFiltered.value ? 'Nothing matches' : 'No pictures yet'}</h2>
      <p class="soft">
        {isFiltered.value
          ? 'Loosen the filters to see more.'
          : 'Write a prompt, or let yourself be surprised, and press Generate.'}
      </p>
    </div>
  )
}
