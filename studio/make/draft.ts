/** What is in the form, and the request that it stands for. */
import { signal } from '@preact/signals'
import type { AcceptedRequest, ProviderId, TaskRequest } from '../../client/index.ts'
import type { QUALITIES, RESOLUTIONS, ROUTES } from '../vocabulary.ts'

/** A reference picture: an address, and what to show of it. */
export interface Reference {
  url: string
  /** A `blob:` address while this page knows the bytes. */
  preview: string
}

export interface Draft {
  prompt: string
  references: readonly Reference[]
  shapeBy: 'ratio' | 'size'
  ratio: string
  resolution: (typeof RESOLUTIONS)[number]
  size: string
  quality: (typeof QUALITIES)[number]
  n: number
  provider: ProviderId | 'auto'
  model: string
  route: (typeof ROUTES)[number]
  negativePrompt: string
  seed: string
  maxUsd: string
}

const EMPTY: Draft = {
  prompt: '',
  references: [],
  shapeBy: 'ratio',
  ratio: 'auto',
  resolution: 'auto',
  size: '1536x1024',
  quality: 'auto',
  n: 1,
  provider: 'auto',
  model: 'gpt-image-2',
  route: 'order',
  negativePrompt: '',
  seed: '',
  maxUsd: '',
}

export const draft = signal<Draft>(EMPTY)

export function edit(changes: Partial<Draft>): void {
  draft.value = { ...draft.value, ...changes }
}

const SIZE = /^[1-9]\d{1,4}x[1-9]\d{1,4}$/

/** Why the form can't be sent yet, by field; empty when it can. */
export function faultsOf({ prompt, references, shapeBy, size, maxUsd }: Draft) {
  return {
    ...(prompt.trim() === '' && references.length === 0
      ? { prompt: 'Say what to paint, or add a reference picture.' }
      : {}),
    ...(shapeBy === 'size' && !SIZE.test(size) ? { size: 'Width x height, like 1536x1024.' } : {}),
    ...(maxUsd !== '' && !(Number(maxUsd) > 0) ? { maxUsd: 'Dollars, like 0.05.' } : {}),
  }
}

/** Leaves out whatever is as it would be anyway. */
export function requestOf(draft: Draft): TaskRequest {
  const { ratio, resolution, quality, provider, route, maxUsd } = draft
  const byRatio = {
    ...(ratio === 'auto' ? {} : { aspect_ratio: ratio }),
    ...(resolution === 'auto' ? {} : { resolution }),
  }
  return {
    model: draft.model,
    ...(draft.prompt.trim() === '' ? {} : { prompt: draft.prompt.trim() }),
    ...(draft.references.length === 0
      ? {}
      : { image_urls: draft.references.map(({ url }) => url) }),
    ...(draft.n === 1 ? {} : { n: draft.n }),
    ...(draft.shapeBy === 'size' ? { size: draft.size } : byRatio),
    ...(quality === 'auto' ? {} : { quality }),
    ...(provider === 'auto' ? {} : { provider }),
    ...(route === 'order' ? {} : { route }),
    ...(draft.negativePrompt.trim() === '' ? {} : { negative_prompt: draft.negativePrompt.trim() }),
    ...(draft.seed.trim() === '' ? {} : { seed: draft.seed.trim() }),
    ...(maxUsd === '' ? {} : { max_usd: Number(maxUsd) }),
  }
}

/** The form that would send a request again; what the form has no field for is left out. */
export function draftOf(request: AcceptedRequest): Draft {
  return {
    prompt: request.prompt ?? '',
    references: (request.image_urls ?? []).map((url) => ({ url, preview: url })),
    shapeBy: request.size === undefined || request.size === 'auto' ? 'ratio' : 'size',
    ratio: request.aspect_ratio ?? 'auto',
    resolution: request.resolution ?? 'auto',
    size: request.size && request.size !== 'auto' ? request.size : EMPTY.size,
    quality: request.quality ?? 'auto',
    n: request.n,
    provider: request.provider ?? 'auto',
    model: request.model,
    route: request.route ?? 'order',
    negativePrompt: request.negative_prompt ?? '',
    seed: request.seed ?? '',
    maxUsd: request.max_usd === undefined ? '' : String(request.max_usd),
  }
}
