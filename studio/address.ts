/** What the address bar says: which view, and which tasks of the gallery. */
import { computed, signal } from '@preact/signals'
import type { ProviderId, TaskStatus } from '../client/index.ts'
import { isOneOf, PROVIDERS, STATUSES } from './vocabulary.ts'

export interface Filter {
  status?: TaskStatus
  provider?: ProviderId
  /** Words of the prompt. */
  q?: string
}

export type View = 'studio' | 'operator'

const search = signal(location.search)
addEventListener('popstate', () => {
  search.value = location.search
})

const parameters = computed(() => new URLSearchParams(search.value))

export const view = computed<View>(() =>
  parameters.value.get('view') === 'operator' ? 'operator' : 'studio',
)

export const filter = computed<Filter>(() => {
  const status = parameters.value.get('status')
  const provider = parameters.value.get('provider')
  const q = parameters.value.get('q')
  return {
    ...(isOneOf(STATUSES, status) ? { status } : {}),
    ...(isOneOf(PROVIDERS, provider) ? { provider } : {}),
    ...(q ? { q } : {}),
  }
})

export const isFiltered = computed(() => Object.keys(filter.value).length > 0)

/** As texts, for the address is read as strictly as one that somebody typed. */
export function setFilter(next: { [name in keyof Filter]?: string | undefined }): void {
  const address = new URLSearchParams()
  for (const [name, value] of Object.entries(next)) if (value) address.set(name, value)
  go(address)
}

export function addressOfView(next: View): string {
  return next === 'operator' ? '?view=operator' : location.pathname
}

export function setView(next: View): void {
  go(new URLSearchParams(next === 'operator' ? { view: next } : {}))
}

function go(address: URLSearchParams): void {
  const text = address.size > 0 ? `?${address}` : ''
  if (text === location.search) return
  history.pushState(null, '', location.pathname + text)
  search.value = text
}
