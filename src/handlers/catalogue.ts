/** `/v1/providers` and `/v1/models`: what this gateway can do, and how its providers are doing. */
import { Hono } from 'hono'
import { type Health, UNKNOWN_HEALTH } from '../core/health'
import { MODELS, PROVIDER_IDS, type ProviderId } from '../core/task'
import { isoTime } from '../core/time'
import { accountOf } from '../flow/account'
import type { Ports } from '../flow/ports'
import { enabledProviders, providerHealth } from '../flow/route'
import { PROVIDERS } from '../providers'
import type { ModelOffer } from '../providers/provider'
import type { ModelListJson, ProviderJson, ProviderListJson } from '../wire/catalogue'
import { authenticate } from './auth'
import type { AppEnv } from './context'

export const providers = new Hono<AppEnv>()

providers.get('/', async (c) => {
  const ports = c.get('ports')
  const principal = await authenticate(c)
  const health = await providerHealth(ports)
  const data = await Promise.all(
    PROVIDER_IDS.map(async (id) => ({
      ...providerJson(ports, id, health.get(id) ?? UNKNOWN_HEALTH),
      // The operator's purse is the operator's business.
      ...(principal.kind === 'admin' ? { balance: await balanceOf(ports, id) } : {}),
    })),
  )
  return c.json({ data } satisfies ProviderListJson)
})

export const models = new Hono<AppEnv>()

models.get('/', async (c) => {
  const enabled = enabledProviders(c.get('ports'))
  await authenticate(c)
  const data = MODELS.map((id) => ({
    id,
    object: 'model' as const,
    providers: PROVIDER_IDS.filter(
      (provider) => enabled.has(provider) && PROVIDERS[provider].models[id],
    ),
  }))
  const offered = data.filter((model) => model.providers.length > 0)
  return c.json({ data: offered } satisfies ModelListJson)
})

function providerJson({ settings }: Ports, id: ProviderId, health: Health): ProviderJson {
  const provider = PROVIDERS[id]
  const { apiKey, creditUsd } = settings.providers[id]
  const { setAsideUntil, successRate, medianSeconds } = health
  return {
    id,
    enabled: apiKey !== null,
    finishes_by: provider.finishesBy,
    images_per_call: provider.imagesPerCall,
    credit_usd: creditUsd,
    models: MODELS.flatMap((model) => {
      const offer = provider.models[model]
      return offer ? [{ id: model, ...offerJson(offer) }] : []
    }),
    success_rate: successRate,
    median_seconds: medianSeconds,
    breaker: {
      state: setAsideUntil === null ? 'closed' : 'open',
      open_until: isoTime(setAsideUntil),
    },
  }
}

function offerJson(offer: ModelOffer): Omit<ProviderJson['models'][number], 'id'> {
  return {
    fields: offer.wishes,
    prompt_length_max: offer.promptLengthMax,
    image_urls_max: offer.imageUrlsMax,
    aspect_ratios: offer.aspectRatios,
    priced_per: offer.pricedPer,
    prices: offer.prices,
  }
}

async function balanceOf(ports: Ports, id: ProviderId): Promise<number | null> {
  const account = accountOf(ports, id)
  return (account && (await PROVIDERS[id].balance?.(account))) ?? null
}
