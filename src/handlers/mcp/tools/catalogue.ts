/** `quote` and `list_providers`: what a picture would cost and who can make it, free of charge. */
import * as z from 'zod'
import { hasSpendLimit } from '../../../core/spending'
import { checkRequest } from '../../../flow/check-request'
import { quoteRequest } from '../../../flow/route'
import { providerListSchema, quoteListSchema } from '../../../wire/catalogue'
import { taskRequestFields } from '../../../wire/task-request'
import { refuseAddresses } from '../../addresses'
import { providersJson } from '../../catalogue'
import { refused } from '../../refusals'
import { cappedRequest } from '../capped-request'
import { wishSchema } from '../schemas'
import { tool } from '../tool'

export const quote = tool({
  name: 'quote',
  title: 'Ask for the price',
  description:
    'What generate_image or edit_image with these arguments would cost in US dollars, provider by provider, in the order in which they would be tried, and why the others cannot. Free of charge: nothing is made.',
  isReadOnly: true,
  input: wishSchema.extend({ image_urls: taskRequestFields.image_urls }),
  output: quoteListSchema,
}).handle(async ({ ports, client }, wishes) => {
  const request = cappedRequest(client, wishes)
  const refusedAddress = refuseAddresses(ports.settings, request)
  if (refusedAddress) return refusedAddress
  const wrong = await checkRequest(ports, request)
  if (wrong) return refused(wrong)
  const providers = await quoteRequest(ports, request, hasSpendLimit(client))
  if (!providers) return refused({ code: 'no_provider_configured' })
  return { kind: 'data', data: { providers } }
})

export const listProviders = tool({
  name: 'list_providers',
  title: 'List providers',
  description:
    'The providers behind this gateway: models, fields, limits, prices in credits, success rate and median seconds of the last day. Free of charge.',
  isReadOnly: true,
  input: z.strictObject({}),
  output: providerListSchema,
}).handle(async ({ ports }) => ({ kind: 'data', data: { data: await providersJson(ports) } }))
