/**
 * The API key, and who it makes us.
 *
 * Invariant: the key is kept in this tab's session storage only. One that comes in the address
 * (`/#key=…`) is taken out of it before anything else happens.
 */
import { computed, signal } from '@preact/signals'
import { Imagegate } from '../client/index.ts'

const STORAGE_NAME = 'imagegate-key'
/** What every client key begins with; anything else can only be the admin token. */
const CLIENT_KEY_PREFIX = 'ig_'

export const apiKey = signal<string | null>(takeKeyFromAddress() ?? readStored())

export const isOperator = computed(
  () => apiKey.value !== null && !apiKey.value.startsWith(CLIENT_KEY_PREFIX),
)

const gateway = computed(
  () => apiKey.value !== null && new Imagegate({ baseUrl: location.origin, apiKey: apiKey.value }),
)

/** The gateway, asked with the key of this session. */
export function client(): Imagegate {
  const { value } = gateway
  if (!value) throw new Error('There is no API key.')
  return value
}

/** Keeps a key once the gateway has taken it. @throws ImagegateError */
export async function saveKey(key: string): Promise<void> {
  const candidate = new Imagegate({ baseUrl: location.origin, apiKey: key })
  await candidate.models.list()
  sessionStorage.setItem(STORAGE_NAME, key)
  apiKey.value = key
}

export function forgetKey(): void {
  sessionStorage.removeItem(STORAGE_NAME)
  apiKey.value = null
}

function readStored(): string | null {
  return sessionStorage.getItem(STORAGE_NAME)
}

function takeKeyFromAddress(): string | null {
  const key = new URLSearchParams(location.hash.slice(1)).get('key')
  if (!key) return null
  history.replaceState(null, '', location.pathname + location.search)
  sessionStorage.setItem(STORAGE_NAME, key)
  return key
}

// A second `/#key=…` in the same tab changes the fragment without loading the page again.
addEventListener('hashchange', () => {
  const key = takeKeyFromAddress()
  if (key !== null) apiKey.value = key
})
