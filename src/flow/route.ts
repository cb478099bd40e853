/**
 * What a request would cost and who would make it, from the settings and the ledger.
 *
 * The ledger is read only when the order depends on it.
 */
import { type Health, judge, UNKNOWN_HEALTH } from '../core/health'
import { servedModel } from '../core/model-alias'
import { PROVIDER_IDS, type ProviderId, type TaskRequest } from '../core/request'
import { dependsOnHealth, type Quote, quote, type RoutingContext } from '../core/routing'
import { DAY_MS } from '../core/time'
import { recentAttempts, recentPictures } from '../db/attempts'
import { PROVIDERS } from '../providers'
import { offer } from '../providers/offer'
import type { Ports } from './ports'

/** Enough to find five countable failures among refusals, as a rule, and a fair median. */
const ATTEMPTS_FOR_ROUTING = 25
const ATTEMPTS_FOR_REPORT = 200
/** For so long, requests of one isolate share what the ledger said. */
const HEALTH_AGE_MAX_MS = 1_000

/**
 * Null when no provider is enabled at all.
 *
 * @param needsPrice the key has a spend limit, so what can't be priced can't be counted
 */
export async function quoteRequest(
  ports: Ports,
  request: TaskRequest,
  needsPrice: boolean,
): Promise<Quote[] | null> {
  const enabled = enabledProviders(ports)
  if (enabled.size === 0) return null
  const health = dependsOnHealth(request)
    ? await healthForRouting(ports)
    : new Map<ProviderId, Health>()
  return quote(request, routingContext(ports, enabled, health, needsPrice))
}

export interface ProviderReport {
  health: Health
  /** The share of its pictures that were not of the size that was asked for; null without pictures. */
  sizeMismatchRate: number | null
}

/** How each provider did in the last day, judged by its latest attempts. */
export async function reportProviders(ports: Ports): Promise<Map<ProviderId, ProviderReport>> {
  const since = ports.now() - DAY_MS
  const [health, counts] = await Promise.all([
    healthFor(ports, ATTEMPTS_FOR_REPORT),
    recentPictures(ports.database, since, ATTEMPTS_FOR_REPORT),
  ])
  return new Map(
    PROVIDER_IDS.map((id) => {
      const { pictures, mismatches } = counts.get(id) ?? { pictures: 0, mismatches: 0 }
      const sizeMismatchRate = pictures === 0 ? null : mismatches / pictures
      return [id, { health: health.get(id) ?? UNKNOWN_HEALTH, sizeMismatchRate }]
    }),
  )
}

export function enabledProviders({ settings }: Ports): Set<ProviderId> {
  return new Set(PROVIDER_IDS.filter((id) => settings.providers[id].apiKey !== null))
}

/** How each provider has been doing lately, at most a second old. */
export async function healthForRouting(ports: Ports): Promise<ReadonlyMap<ProviderId, Health>> {
  const { isolate } = ports
  const now = ports.now()
  if (isolate.health && now - isolate.health.at < HEALTH_AGE_MAX_MS) return isolate.health.value
  const value = await healthFor(ports, ATTEMPTS_FOR_ROUTING)
  isolate.health = { at: now, value }
  return value
}

async function healthFor(ports: Ports, limit: number): Promise<Map<ProviderId, Health>> {
  const now = ports.now()
  const recent = await recentAttempts(ports.database, now - DAY_MS, limit)
  return new Map([...recent].map(([id, attempts]) => [id, judge(attempts, now)]))
}

function routingContext(
  { settings }: Ports,
  enabled: ReadonlySet<ProviderId>,
  health: ReadonlyMap<ProviderId, Health>,
  needsPrice: boolean,
): RoutingContext {
  return {
    enabled,
    needsPrice,
    order: settings.providerOrder,
    served: (asked) => servedModel(asked, settings.modelAliases),
    offer: (id, request) => offer(PROVIDERS[id], request, settings.providers[id].creditUsd),
    health: (id) => health.get(id) ?? UNKNOWN_HEALTH,
  }
}
