/**
 * What a request would cost and who would make it, from the settings and the ledger.
 *
 * The ledger is read only when the order depends on it.
 */
import { type Health, judge, UNKNOWN_HEALTH } from '../core/health'
import { PROVIDER_IDS, type ProviderId, type TaskRequest } from '../core/request'
import { dependsOnHealth, type Quote, quote, type RoutingContext } from '../core/routing'
import { DAY_MS } from '../core/time'
import { recentAttempts } from '../db/attempts'
import { PROVIDERS } from '../providers'
import { offer } from '../providers/offer'
import type { Ports } from './ports'

/** Enough to find five countable failures among refusals, as a rule, and a fair median. */
const ATTEMPTS_FOR_ROUTING = 25
const ATTEMPTS_FOR_REPORT = 500
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

/** How each provider did in the last day. */
export function providerHealth(ports: Ports): Promise<Map<ProviderId, Health>> {
  return healthFor(ports, ATTEMPTS_FOR_REPORT)
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
    offer: (id, request) => offer(PROVIDERS[id], request, settings.providers[id].creditUsd),
    health: (id) => health.get(id) ?? UNKNOWN_HEALTH,
  }
}
