/** The tasks that are picked out, to be compared, downloaded or deleted together. */
import { computed, signal } from '@preact/signals'
import { shown } from './list.ts'

const ids = signal<ReadonlySet<string>>(new Set())

/** Those that are still shown, newest first. */
export const selected = computed(() => shown.value.filter(({ id }) => ids.value.has(id)))

export function isSelected(id: string): boolean {
  return ids.value.has(id)
}

export function toggleSelected(id: string): void {
  const next = new Set(ids.value)
  if (!next.delete(id)) next.add(id)
  ids.value = next
}

export function clearSelected(): void {
  ids.value = new Set()
}
