/** The body of `POST /v1/tasks`: what a client may ask for, and what contradicts itself. */
import * as z from 'zod'
import { type AddressPolicy, refuseAddress } from '../core/address'
import { type JsonObject, PROVIDER_IDS, type ProviderId, type TaskRequest } from '../core/task'
import { PROVIDERS } from '../providers'
import type { Settings } from '../settings'
import { taskRequestFields } from '../wire/task-request'

/** An address that the gateway may call, or hand on, on a client's word. */
export function addressSchema(policy: AddressPolicy): z.ZodType<string> {
  return z.string().superRefine((value, context) => {
    const refused = refuseAddress(value, policy)
    if (refused) context.addIssue({ code: 'custom', message: refused })
  })
}

const requestSchema = z.strictObject(taskRequestFields)

/** Which addresses a gateway lets through. */
export type AddressPolicies = Pick<Settings, 'clientAddresses' | 'imageAddresses'>

/** The request schema of a gateway with these address policies. */
export function taskRequestSchema({
  clientAddresses,
  imageAddresses,
}: AddressPolicies): z.ZodType<TaskRequest> {
  return requestSchema.superRefine((request, context) => {
    const refuse = (field: keyof TaskRequest, message: string, ...inside: number[]) =>
      context.addIssue({ code: 'custom', path: [field, ...inside], message })
    for (const [index, url] of (request.image_urls ?? []).entries()) {
      const refused = refuseAddress(url, imageAddresses)
      if (refused) refuse('image_urls', refused, index)
    }
    if (request.callback_url !== undefined) {
      const refused = refuseAddress(request.callback_url, clientAddresses)
      if (refused) refuse('callback_url', refused)
    }
    if (!request.prompt && !request.image_urls) refuse('prompt', 'is required without image_urls')
    if (request.size && request.aspect_ratio) refuse('size', 'goes without aspect_ratio')
    if (request.size && request.resolution) refuse('size', 'goes without resolution')
    if (request.provider && request.providers) refuse('providers', 'goes without provider')
    if (new Set(request.providers).size !== (request.providers?.length ?? 0))
      refuse('providers', 'names a provider twice')
    for (const id of PROVIDER_IDS) {
      const own = ownField(id, request.provider_options?.[id] ?? {})
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
