/**
 * Checks that several providers share, each answering with a reason in words or null.
 *
 * Reasons read after the provider's name: "aivideoapi.ai: takes at most 16 reference images".
 */
import type { z } from 'zod'
import type { ImageRequest, Model } from '../core/task'
import { optionsOf, type Provider } from './provider'

export function modelReason(request: ImageRequest, models: readonly Model[]): string | null {
  return models.includes(request.model) ? null : `does not offer the model ${request.model}`
}

export function promptReason(
  request: ImageRequest,
  limit: { lengthMax: number; optionalWithImages: boolean },
): string | null {
  if (request.prompt === undefined) {
    if (!limit.optionalWithImages) return 'needs a prompt'
    return request.image_urls ? null : 'needs a prompt or image_urls'
  }
  return request.prompt.length > limit.lengthMax
    ? `takes a prompt of at most ${limit.lengthMax} characters`
    : null
}

export function imagesReason(request: ImageRequest, countMax: number): string | null {
  return (request.image_urls?.length ?? 0) > countMax
    ? `takes at most ${countMax} reference images`
    : null
}

type Wish = 'quality' | 'resolution' | 'size' | 'negative_prompt' | 'seed' | 'aspect_ratio'

/** Wishes that the provider has no field for. */
export function absentReason(request: ImageRequest, absent: readonly Wish[]): string | null {
  const wish = absent.find((name) => request[name] !== undefined)
  return wish ? `has no ${wish} setting` : null
}

export function ratioReason(request: ImageRequest, ratios: readonly string[]): string | null {
  const ratio = request.aspect_ratio
  return ratio === undefined || ratios.includes(ratio)
    ? null
    : `does not make the aspect ratio ${ratio}; it makes ${ratios.join(', ')}`
}

/** Documented options out of their documented range. */
export function optionsReason(
  provider: Pick<Provider, 'id'>,
  request: ImageRequest,
  documented: z.ZodType,
): string | null {
  const result = documented.safeParse(optionsOf(provider.id, request))
  const issue = result.error?.issues[0]
  return issue ? `does not take provider_options.${issue.path.join('.')}: ${issue.message}` : null
}
