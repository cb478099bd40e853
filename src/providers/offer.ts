/**
 * Whether a provider can make a request, and for how much, from what it documents.
 *
 * Nothing is left to the provider to refuse, and nothing is dropped silently: a wish that a
 * provider can't express makes it ineligible, with a reason a person understands.
 */

import { type ImageRequest, WISHES } from '../core/request'
import type { Offer } from '../core/routing'
import { matchRatio } from '../core/size'
import { type ModelOffer, optionsOf, type Provider, priceOf } from './provider'

/** The offer for all `n` images of a request, in as many calls as that takes. */
export function offer(provider: Provider, request: ImageRequest, creditUsd: number | null): Offer {
  const wishes = withoutAuto(request)
  const reason = unsupported(provider, wishes)
  if (reason) return { unsupported: reason, price: { credits: null, usd: null } }
  const calls = splitCalls(request.n, provider.imagesPerCall)
  const credits = calls.map((n) => creditsOf(provider, { ...wishes, n }))
  const known = credits.filter((value) => value !== null)
  const total = known.length < credits.length ? null : known.reduce((sum, value) => sum + value, 0)
  return { unsupported: null, price: priceOf(total, creditUsd) }
}

/** Why a provider can't make a request (without `auto`s); reads after the provider's name. */
function unsupported(provider: Provider, request: ImageRequest): string | null {
  const model = provider.models[request.model]
  if (!model) return `does not offer the model ${request.model}`
  return (
    promptReason(model, request) ??
    imagesReason(model, request) ??
    wishReason(model, request) ??
    provider.shapeReason(request) ??
    optionsReason(provider, request)
  )
}

function promptReason(model: ModelOffer, request: ImageRequest): string | null {
  const { promptLengthMax, promptOptionalWithImages, negativePromptLengthMax } = model
  const { prompt, negative_prompt } = request
  if (prompt === undefined) {
    if (!promptOptionalWithImages) return 'needs a prompt'
    return request.image_urls ? null : 'needs a prompt or image_urls'
  }
  if (prompt.trim() === '') return 'needs a prompt that is not blank'
  if (promptLengthMax !== null && prompt.length > promptLengthMax)
    return `takes a prompt of at most ${promptLengthMax} characters`
  return negativePromptLengthMax !== null &&
    (negative_prompt?.length ?? 0) > negativePromptLengthMax
    ? `takes a negative_prompt of at most ${negativePromptLengthMax} characters`
    : null
}

function imagesReason({ imageUrlsMax }: ModelOffer, request: ImageRequest): string | null {
  return imageUrlsMax !== null && (request.image_urls?.length ?? 0) > imageUrlsMax
    ? `takes at most ${imageUrlsMax} reference images`
    : null
}

function wishReason(model: ModelOffer, request: ImageRequest): string | null {
  const needed = WISHES.filter((wish) => !request.optional_wishes?.includes(wish))
  const absent = needed.find((wish) => request[wish] !== undefined && !model.wishes.includes(wish))
  if (absent) return `has no ${absent} setting for ${request.model}`
  const ratio = request.aspect_ratio
  return ratio === undefined ||
    model.aspectRatios === null ||
    matchRatio(ratio, model.aspectRatios) !== null
    ? null
    : `does not make the aspect ratio ${ratio}; it makes ${model.aspectRatios.join(', ')}`
}

function optionsReason(provider: Provider, request: ImageRequest): string | null {
  const result = provider.options.safeParse(optionsOf(provider.id, request))
  const issue = result.error?.issues[0]
  return issue ? `does not take provider_options.${issue.path.join('.')}: ${issue.message}` : null
}

/** Credits for one call that makes `request.n` images, or null when no price is documented. */
function creditsOf(provider: Provider, request: ImageRequest): number | null {
  const model = provider.models[request.model]
  const tier = provider.tier(request)
  const quality = request.quality ?? 'auto'
  const price = model?.prices.find(
    (line) =>
      (line.resolution === null || line.resolution === tier) &&
      (line.quality === null || line.quality === quality),
  )
  if (!model || !price) return null
  return model.pricedPer === 'call' ? price.credits : price.credits * request.n
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
