/** `POST /v1/quotes`: what a task would cost and who would make it. Nothing is submitted. */
import { hasSpendLimit } from '../core/spending'
import { checkRequest } from '../flow/check-request'
import { quoteRequest } from '../flow/route'
import { type QuoteListJson, quoteListSchema } from '../wire/catalogue'
import { refuseAddresses } from './addresses'
import { json } from './endpoint/answer'
import { jsonBody } from './endpoint/body'
import { endpoint } from './endpoint/endpoint'
import { refused } from './refusals'
import { taskRequestSchema } from './tasks/request'

const quotes: QuoteListJson = {
  providers: [
    {
      provider: 'aivideoapi.ai',
      model: 'gpt-image-2',
      eligible: true,
      reason: null,
      credits: 4.7,
      usd: 0.0235,
    },
    {
      provider: 'gptimage2.ai',
      model: 'gpt-image-2',
      eligible: false,
      reason: 'has no resolution setting for gpt-image-2',
      credits: null,
      usd: null,
    },
  ],
}

export const createQuote = endpoint({
  id: 'createQuote',
  method: 'post',
  path: '/v1/quotes',
  tag: 'Money',
  summary: 'Get a quote',
  description:
    "Takes the body of a task and submits nothing: says who would make it, in which order and for how much, and why the others can't.",
  access: 'reader',
  body: jsonBody(taskRequestSchema),
  answers: { 200: json(quoteListSchema, 'One line per provider.', quotes) },
  errors: ['no_provider_configured'],
  examples: [
    { title: 'Ask', body: { prompt: 'A paper boat on a puddle', resolution: '2k', n: 2 } },
  ],
}).handle(async ({ ports, caller, body }) => {
  const refusedAddress = refuseAddresses(ports.settings, body)
  if (refusedAddress) return refusedAddress
  const wrong = await checkRequest(ports, body)
  if (wrong) return refused(wrong)
  const needsPrice = caller.kind === 'client' && hasSpendLimit(caller.key)
  const lines = await quoteRequest(ports, body, needsPrice)
  if (!lines) return refused({ code: 'no_provider_configured' })
  return { status: 200, body: { providers: lines } }
})
