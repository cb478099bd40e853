/**
 * Which providers may make a request, in which order, and why the others may not.
 *
 * Pure: what each provider can do, costs and how it has been doing comes in as answers.
 */
import type { Health } from './health'
import {
  type Candidate,
  type ImageRequest,
  type Model,
  type Price,
  type ProviderId,
  settingPrefix,
  type TaskRequest,
} from './request'

/** What routing needs to know of one provider for one request. */
export interface Offer {
  /** Why the provider can't make the request, in words, or null. */
  unsupported: string | null
  price: Price
}

export interface RoutingContext {
  /** Providers whose key is set. */
  enabled: ReadonlySet<ProviderId>
  /** Without a known price in dollars a provider is not eligible. */
  needsPrice: boolean
  /** The model that serves a name; null for a name that is not known. */
  served(asked: string): Model | null
  /** The order of `auto`. */
  order: readonly ProviderId[]
  offer(provider: ProviderId, request: ImageRequest): Offer
  health(provider: ProviderId): Health
}

/** One line of a quote: a provider and model, whether it may be used, and for how much. */
export interface Quote extends Candidate, Price {
  eligible: boolean
  reason: string | null
}

/** Every provider and model that the request names or allows, in the order they would be tried. */
export function quote(request: TaskRequest, context: RoutingContext): Quote[] {
  const asked = [request.model, ...(request.fallback_models ?? [])]
  const served = asked.map(context.served).filter((model) => model !== null)
  return [...new Set(served)].flatMap((model) => {
    const quotes = wantedProviders(request, context).map((provider) =>
      quoteOne(request, model, provider, context),
    )
    return inOrder(quotes, request, context)
  })
}

export function candidatesOf(quotes: readonly Quote[]): Candidate[] {
  return quotes.filter((line) => line.eligible).map(({ provider, model }) => ({ provider, model }))
}

/** Whether the order depends on how providers have been doing. */
export function dependsOnHealth(request: TaskRequest): boolean {
  return isAuto(request) || request.route === 'fastest'
}

function isAuto(request: TaskRequest): boolean {
  return !request.providers && (request.provider ?? 'auto') === 'auto'
}

function wantedProviders(request: TaskRequest, context: RoutingContext): readonly ProviderId[] {
  if (request.providers) return request.providers
  if (request.provider && request.provider !== 'auto') return [request.provider]
  return context.order
}

function quoteOne(
  request: TaskRequest,
  model: Model,
  provider: ProviderId,
  context: RoutingContext,
): Quote {
  if (!context.enabled.has(provider)) {
    const reason = 'no API key is set for this provider'
    return { provider, model, eligible: false, reason, credits: null, usd: null }
  }
  const { unsupported, price } = context.offer(provider, { ...request, model })
  const reason = unsupported ?? tooDear(provider, price, request.max_usd, context.needsPrice)
  return { provider, model, eligible: reason === null, reason, ...price }
}

function tooDear(
  provider: ProviderId,
  price: Price,
  maxUsd: number | undefined,
  needsPrice: boolean,
): string | null {
  if (price.usd !== null) {
    const isDearer = maxUsd !== undefined && price.usd > maxUsd
    return isDearer ? `it costs $${price.usd}, more than max_usd ($${maxUsd})` : null
  }
  if (!needsPrice && maxUsd === undefined) return null
  const cause = needsPrice ? 'this key has a spend limit' : 'max_usd is set'
  return `its price in dollars is not known, and ${cause}${cureOf(provider, price)}`
}

/** The credits are known, so that only what one costs is missing. */
function cureOf(provider: ProviderId, { credits }: Price): string {
  if (credits === null) return ''
  return `; the operator can set ${settingPrefix(provider)}_CREDIT_USD, the dollars that a credit costs`
}

/** By the route; with `auto`, providers that the breaker set aside come last. */
function inOrder(quotes: Quote[], request: TaskRequest, context: RoutingContext): Quote[] {
  const byRoute = quotes.toSorted((a, b) => rank(a, request, context) - rank(b, request, context))
  if (!isAuto(request)) return byRoute
  const isSetAside = ({ provider }: Quote) => context.health(provider).setAsideUntil !== null
  return [...byRoute.filter((line) => !isSetAside(line)), ...byRoute.filter(isSetAside)]
}

/** Lower comes first; what is not known comes last, in the given order. */
function rank(line: Quote, request: TaskRequest, context: RoutingContext): number {
  switch (request.route ?? 'order') {
    case 'order':
      return 0
    case 'cheapest':
      return line.usd ?? Number.MAX_VALUE
    case 'fastest':
      return context.health(line.provider).medianSeconds ?? Number.MAX_VALUE
  }
}
