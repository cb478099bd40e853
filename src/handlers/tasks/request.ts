/** The body of `POST /v1/tasks` and of `POST /v1/quotes`: what may be asked for, and what contradicts itself. */
import * as z from 'zod'
import {
  type JsonObject,
  PROVIDER_IDS,
  type ProviderId,
  type TaskRequest,
} from '../../core/request'
import { PROVIDERS } from '../../providers'
import { taskRequestFields } from '../../wire/task-request'

export const taskRequestSchema: z.ZodType<TaskRequest> = z
  .strictObject(taskRequestFields)
  .superRefine((request, context) => {
    const refuse = (field: keyof TaskRequest, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message })
    if (!request.prompt && !request.image_urls) refuse('prompt', 'is required without image_urls')
    if (request.size && request.aspect_ratio) refuse('size', "can't be combined with aspect_ratio")
    if (request.size && request.resolution) refuse('size', "can't be combined with resolution")
    if (request.provider && request.providers)
      refuse('providers', "can't be combined with provider")
    if (new Set(request.providers).size !== (request.providers?.length ?? 0))
      refuse('providers', 'must not name a provider twice')
    for (const id of PROVIDER_IDS) {
      const own = ownField(id, request.provider_options?.[id] ?? {})
      if (own) refuse('provider_options', `can't set ${id}.${own}, which the gateway sets itself`)
    }
  })
  .meta({ id: 'TaskRequest', description: 'What a picture should be, and who may make it.' })

/** The first name that only the gateway may fill, also one level down (`providerInput.prompt`). */
export function ownField(id: ProviderId, options: JsonObject): string | undefined {
  const names = Object.entries(options).flatMap(([name, value]) =>
    value !== null && typeof value === 'object' ? [name, ...Object.keys(value)] : [name],
  )
  return names.find((name) => PROVIDERS[id].ownFields.includes(name))
}
