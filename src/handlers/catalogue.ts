/** `/v1/providers` and `/v1/models`: what this gateway can do, and how its providers are doing. */
import { UNKNOWN_HEALTH } from '../core/health'
import { MODELS, PROVIDER_IDS, type ProviderId } from '../core/request'
import { isoTime } from '../core/time'
import { accountOf } from '../flow/account'
import type { Ports } from '../flow/ports'
import { enabledProviders, type ProviderReport, reportProviders } from '../flow/route'
import { PROVIDERS } from '../providers'
import type { ModelOffer } from '../providers/provider'
import { modelListSchema, type ProviderJson, providerListSchema } from '../wire/catalogue'
import { json } from './endpoint/answer'
import { endpoint } from './endpoint/endpoint'

const provider: ProviderJson = {
  id: 'aivideoapi.ai',
  enabled: true,
  finishes_by: 'callback',
  images_per_call: 1,
  credit_usd: 0.005,
  models: [
    {
      id: 'gpt-image-2',
      fields: ['aspect_ratio', 'resolution', 'size'],
      prompt_length_max: 20_000,
      image_urls_max: 16,
      aspect_ratios: ['1:1', '4:3', '16:9'],
      priced_per: 'image',
      prices: [{ resolution: '1k', quality: null, credits: 4.7 }],
    },
  ],
  success_rate: 0.98,
  median_seconds: 24.5,
  p95_seconds: 61.2,
  size_mismatch_rate: 0.01,
  breaker: { state: 'closed', open_until: null },
}

export const listProviders = endpoint({
  id: 'listProviders',
  method: 'get',
  path: '/v1/providers',
  tag: 'Money',
  summary: 'List providers',
  description:
    'Abilities, limits, prices, and how each has been doing. A provider that fails five times in a row by its own fault is asked last by `auto` for a minute.',
  access: 'reader',
  answers: {
    200: json(providerListSchema, 'All of them, enabled or not.', { data: [provider] }),
  },
}).handle(async ({ ports, caller }) => {
  const data = (await providersJson(ports)).map(async (provider) => ({
    ...provider,
    // The operator's purse is the operator's business.
    ...(caller.kind === 'admin' ? { balance: await balanceOf(ports, provider.id) } : {}),
  }))
  return { status: 200, body: { data: await Promise.all(data) } }
})

/** What any client may know of them. */
export async function providersJson(ports: Ports): Promise<ProviderJson[]> {
  const reports = await reportProviders(ports)
  return PROVIDER_IDS.map((id) => providerJson(ports, id, reports.get(id)))
}

export const listModels = endpoint({
  id: 'listModels',
  method: 'get',
  path: '/v1/models',
  tag: 'Money',
  summary: 'List models',
  description: 'The models that an enabled provider makes.',
  access: 'reader',
  answers: {
    200: json(modelListSchema, 'The models.', {
      data: [
        {
          id: 'gpt-image-2',
          object: 'model',
          aliases: ['gpt-image-1'],
          providers: ['aivideoapi.ai', 'gptimage2.ai'],
        },
      ],
    }),
  },
}).handle(async ({ ports }) => {
  const enabled = enabledProviders(ports)
  const data = MODELS.map((id) => ({
    id,
    object: 'model' as const,
    aliases: [...ports.settings.modelAliases].flatMap(([asked, served]) =>
      served === id ? [asked] : [],
    ),
    providers: PROVIDER_IDS.filter((each) => enabled.has(each) && PROVIDERS[each].models[id]),
  }))
  return { status: 200, body: { data: data.filter(({ providers }) => providers.length > 0) } }
})

function providerJson({ settings }: Ports, id: ProviderId, report?: ProviderReport): ProviderJson {
  const { finishesBy, imagesPerCall, models } = PROVIDERS[id]
  const { apiKey, creditUsd } = settings.providers[id]
  const { setAsideUntil, successRate, medianSeconds, p95Seconds } = report?.health ?? UNKNOWN_HEALTH
  return {
    id,
    enabled: apiKey !== null,
    finishes_by: finishesBy,
    images_per_call: imagesPerCall,
    credit_usd: creditUsd,
    models: MODELS.flatMap((model) => {
      const offer = models[model]
      return offer ? [{ id: model, ...offerJson(offer) }] : []
    }),
    success_rate: successRate,
    median_seconds: medianSeconds,
    p95_seconds: p95Seconds,
    size_mismatch_rate: report?.sizeMismatchRate ?? null,
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
