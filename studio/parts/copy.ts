/** Copies a text and says so. */
import { notify } from './notice.tsx'

export async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    notify(`${what} copied.`)
  } catch {
    notify('The browser did not let the page copy.', true)
  }
}
