/** Which picture is opened large, and which one arrows lead to. */
import { computed, signal } from '@preact/signals'
import type { Task } from '../../client/index.ts'
import { shown, taskOf } from './list.ts'

interface Place {
  id: string
  /** Of the task's pictures; ignored while there are none. */
  index: number
}

const place = signal<Place | null>(null)

export const opened = computed<{ task: Task; index: number } | null>(() => {
  const task = place.value && taskOf(place.value.id)
  return place.value && task ? { task, index: place.value.index } : null
})

export function openTask(id: string, index = 0): void {
  place.value = { id, index }
}

export function closeTask(): void {
  place.value = null
}

/** Every picture in the order of the sheet, and tasks without one as a place of their own. */
const places = computed<Place[]>(() =>
  shown.value.flatMap(({ id, outputs }) =>
    outputs.length === 0 ? [{ id, index: 0 }] : outputs.map(({ index }) => ({ id, index })),
  ),
)

export function neighbour(step: 1 | -1): Place | null {
  const { value } = place
  if (!value) return null
  const here = places.value.findIndex(({ id, index }) => id === value.id && index === value.index)
  return here === -1 ? null : (places.value[here + step] ?? null)
}

export function move(step: 1 | -1): void {
  const next = neighbour(step)
  if (next) place.value = next
}
