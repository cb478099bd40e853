/** What the gateway offers: providers with how they have been doing, and models. */
import { effect, signal } from '@preact/signals'
import type { Model, Provider, ProviderId } from '../client/index.ts'
import { notifyError } from './parts/notice.tsx'
import { apiKey, client } from './session.ts'

/** Medians move slowly. */
const REFRESH_MS = 60_000

export const providers = signal<readonly Provider[]>([])
export const models = signal<readonly Model[]>([])

/** Seconds that a provider usually takes; null while nobody knows. */
export function medianOf(id: ProviderId | null): number | null {
  return providers.value.find((provider) => provider.id === id)?.median_seconds ?? null
}

/** Loads the catalogue for each key, and again while the page is looked at. @returns a stop. */
export function keepCatalogue(): () => void {
  const load = async () => {
    const [nextProviders, nextModels] = await Promise.all([
      client().providers.list(),
      client().models.list(),
    ])
    providers.value = nextProviders
    models.value = nextModels
  }
  const timer = setInterval(() => {
    if (apiKey.value !== null && !document.hidden) load().catch(() => undefined)
  }, REFRESH_MS)
  const stop = effect(() => {
    if (apiKey.value !== null) load().catch(notifyError)
  })
  return () => {
    clearInterval(timer)
    stop()
  }
}
