/** The registry: every provider, in the order of the documentation. */
import type { Offer } from '../core/routing'
import type { ImageRequest, Price, ProviderId } from '../core/task'
import { aivideoapiAi } from './aivideoapi.ai'
import { gptimage2Ai } from './gptimage2.ai'
import { gptimage2apiOrg } from './gptimage2api.org'
import { nanobananaapiDev } from './nanobananaapi.dev'
import type { Provider } from './provider'

export const PROVIDERS: Readonly<Record<ProviderId, Provider>> = {
  'aivideoapi.ai': aivideoapiAi,
  'gptimage2api.org': gptimage2apiOrg,
  'gptimage2.ai': gptimage2Ai,
  'nanobananaapi.dev': nanobananaapiDev,
}

/** Whether a provider can make all `n` images of a request, and what they cost together. */
export function offer(provider: Provider, request: ImageRequest, creditUsd: number | null): Offer {
  const wishes = withoutAuto(request)
  const unsupported = provider.unsupported(wishes)
  if (unsupported) return { unsupported, price: { credits: null, usd: null } }
  const calls = splitCalls(request.n, provider.imagesPerCall)
  const credits = calls.map((n) => provider.credits({ ...wishes, n }))
  const known = credits.filter((value) => value !== null)
  const total =
    known.length === credits.length ? known.reduce((sum, value) => sum + value, 0) : null
  return { unsupported: null, price: priceOf(total, creditUsd) }
}

export function priceOf(credits: number | null, creditUsd: number | null): Price {
  const usd = credits === null || creditUsd === null ? null : roundMoney(credits * creditUsd)
  return { credits: credits === null ? null : roundMoney(credits), usd }
}

/** How `n` images are divided into calls: full ones first. */
export function splitCalls(n: number, perCall: number): number[] {
  const calls = Array.from({ length: Math.floor(n / perCall) }, () => perCall)
  return n % perCall === 0 ? calls : [...calls, n % perCall]
}

/** `auto` means no wish, so it is left out rather than sent. */
export function withoutAuto(request: ImageRequest): ImageRequest {
  const { aspect_ratio, size, quality, ...rest } = request
  return {
    ...rest,
    ...(aspect_ratio === undefined || aspect_ratio === 'auto' ? {} : { aspect_ratio }),
    ...(size === undefined || size === 'auto' ? {} : { size }),
    ...(quality === undefined || quality === 'auto' ? {} : { quality }),
  }
}

/** Sums of decimal prices without binary dust: a millionth is the smallest unit kept. */
export function roundMoney(amount: number): number {
  return Math.round(amount * 1e6) / 1e6
}
