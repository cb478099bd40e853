/** Short messages at the foot of the page; they are read aloud and go away by themselves. */
import { signal } from '@preact/signals'
import { ImagegateError } from '../../client/index.ts'
import { formatWait } from './format.ts'
import './notice.css'

interface Notice {
  id: number
  text: string
  isError: boolean
}

const SHOWN_MS = 4000
/** For whoever reads it. */
const SHOWN_PER_CHARACTER_MS = 60
const notices = signal<readonly Notice[]>([])
let lastId = 0

export function notify(text: string, isError = false): void {
  const id = ++lastId
  notices.value = [...notices.value.slice(-2), { id, text, isError }]
  setTimeout(
    () => {
      notices.value = notices.value.filter((notice) => notice.id !== id)
    },
    SHOWN_MS + text.length * SHOWN_PER_CHARACTER_MS,
  )
}

/** For an action that a person asked for and that could not be done. */
export function notifyError(error: unknown): void {
  notify(messageOf(error), true)
}

export function messageOf(error: unknown): string {
  if (error instanceof ImagegateError && error.retryAfterSeconds !== null)
    return `${error.message} Try again in ${formatWait(error.retryAfterSeconds)}.`
  return error instanceof Error ? error.message : String(error)
}

export function Notices() {
  return (
    <div class="notices" role="status" aria-live="polite">
      {notices.value.map(({ id, text, isError }) => (
        <p key={id} class={isError ? 'notice notice-error' : 'notice'}>
          {text}
        </p>
      ))}
    </div>
  )
}
