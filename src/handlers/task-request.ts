/** The body of `POST /v1/tasks`: what a client may ask for, and what contradicts itself. */
import * as z from 'zod'
import { type AddressPolicy, refuseAddress } from '../core/address'
import { parseRatio, parseSize } from '../core/size'
import {
  type JsonObject,
  type JsonValue,
  MODELS,
  PROVIDER_IDS,
  type ProviderId,
  QUALITIES,
  RESOLUTIONS,
  ROUTES,
  type TaskRequest,
} from '../core/task'
import { PROVIDERS } from '../providers'
import type { Settings } from '../settings'

const DEADLINE_SECONDS_MIN = 30
const DEADLINE_SECONDS_MAX = 3600
const URLS_MAX = 16

const text = z.string().refine((value) => value.trim() !== '', 'must not be empty')
const jsonValue: z.ZodType<JsonValue> = z.json()
const isRatio = (value: string) => value === 'auto' || parseRatio(value) !== null
const isSize = (value: string) => value === 'auto' || parseSize(value) !== null

/** An address that the gateway may call, or hand on, on a client's word. */
export function addressSchema(policy: AddressPolicy): z.ZodType<string> {
  return z.string().superRefine((value, context) => {
    const refused = refuseAddress(value, policy)
    if (refused) context.addIssue({ code: 'custom', message: refused })
  })
}

/** The request schema of a gateway with these address policies. */
export function taskRequestSchema({
  clientAddresses,
  imageAddresses,
}: Pick<Settings, 'clientAddresses' | 'imageAddresses'>): z.ZodType<TaskRequest> {
  const imageUrls = z.array(addressSchema(imageAddresses))
  return z
    .strictObject({
      model: z.enum(MODELS).default('gpt-image-2'),
      prompt: text.optional(),
      image_urls: imageUrls.min(1, 'must not be empty').max(URLS_MAX).optional(),
      n: z.int().min(1).max(10).default(1),
      aspect_ratio: z.string().refine(isRatio, 'must look like "4:5" or be "auto"').optional(),
      resolution: z.enum(RESOLUTIONS).optional(),
      size: z.string().refine(isSize, 'must look like "1536x1024" or be "auto"').optional(),
      quality: z.enum(QUALITIES).optional(),
      negative_prompt: text.optional(),
      seed: text.optional(),
      provider: z.enum([...PROVIDER_IDS, 'auto']).optional(),
      providers: z.array(z.enum(PROVIDER_IDS)).min(1, 'must not be empty').optional(),
      fallback_models: z.array(z.enum(MODELS)).min(1, 'must not be empty').optional(),
      max_usd: z.number().positive().optional(),
      route: z.enum(ROUTES).optional(),
      failover_on_refusal: z.boolean().optional(),
      resubmit_on_unknown: z.boolean().optional(),
      deadline_seconds: z.int().min(DEADLINE_SECONDS_MIN).max(DEADLINE_SECONDS_MAX).optional(),
      provider_options: z
        .partialRecord(z.enum(PROVIDER_IDS), z.record(z.string(), jsonValue))
        .optional(),
      callback_url: addressSchema(clientAddresses).optional(),
      metadata: z.record(z.string(), z.string()).optional(),
    })
    .superRefine((request, context) => {
      const refuse = (field: keyof TaskRequest, message: string) =>
        context.addIssue({ code: 'custom', path: [field], message })
      if (!request.prompt && !request.image_urls) refuse('prompt', 'is required without image_urls')
      if (request.size && request.aspect_ratio) refuse('size', 'goes without aspect_ratio')
      if (request.size && request.resolution) refuse('size', 'goes without resolution')
      if (request.provider && request.providers) refuse('providers', 'goes without provider')
      if (new Set(request.providers).size !== (request.providers?.length ?? 0))
        refuse('providers', 'names a provider twice')
      for (const [id, options] of Object.entries(request.provider_options ?? {})) {
        const own = ownField(id as ProviderId, options)
        if (own) refuse('provider_options', `${id}.${own} is a field that the gateway fills itself`)
      }
    })
}

/** The first name that only the gateway may fill, also one level down (`providerInput.prompt`). */
function ownField(id: ProviderId, options: JsonObject): string | undefined {
  const names = Object.entries(options).flatMap(([name, value]) =>
    value !== null && typeof value === 'object' ? [name, ...Object.keys(value)] : [name],
  )
  return names.find((name) => PROVIDERS[id].ownFields.includes(name))
}
