/** Something that is loaded, shown, and loaded again. */
import { type ReadonlySignal, signal } from '@preact/signals'
import { messageOf } from '../parts/notice.tsx'

export interface Resource<T> {
  /** Null before it is there. */
  value: ReadonlySignal<T | null>
  /** Why it is not, or is not fresh. */
  fault: ReadonlySignal<string | null>
  load(): Promise<void>
}

export function resource<T>(read: () => Promise<T>): Resource<T> {
  const value = signal<T | null>(null)
  const fault = signal<string | null>(null)
  const load = async () => {
    try {
      value.value = await read()
      fault.value = null
    } catch (error) {
      fault.value = messageOf(error)
    }
  }
  return { value, fault, load }
}
