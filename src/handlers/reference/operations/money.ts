/** What a picture would cost, who can make it, and what was paid. */
import { modelListSchema, providerListSchema, quoteListSchema } from '../../../wire/catalogue'
import { usageListSchema } from '../../../wire/usage'
import { type AddressPolicies, taskRequestSchema } from '../../task-request'
import { usageRangeSchema } from '../../usage'
import { models, providers, quotes, usage } from '../examples'
import type { Operation } from '../operation'

export function moneyOperations(policies: AddressPolicies): Operation[] {
  return [
    {
      id: 'createQuote',
      method: 'post',
      path: '/v1/quotes',
      tag: 'Money',
      summary: 'Ask for prices',
      description:
        'Takes the body of a task and submits nothing: says who would make it, in which order and for how much, and why the others can not.',
      access: 'reader',
      body: { name: 'TaskRequest', schema: taskRequestSchema(policies) },
      answers: [
        {
          status: 200,
          description: 'One line a provider.',
          schema: quoteListSchema,
          example: quotes,
        },
      ],
      errors: ['no_provider_configured'],
      examples: [
        { title: 'Ask', body: { prompt: 'A paper boat on a puddle', resolution: '2k', n: 2 } },
      ],
    },
    {
      id: 'listProviders',
      method: 'get',
      path: '/v1/providers',
      tag: 'Money',
      summary: 'List providers',
      description:
        'Abilities, limits, prices, and how each has been doing. A provider that fails five times in a row by its own fault is asked last by `auto` for a minute.',
      access: 'reader',
      answers: [
        {
          status: 200,
          description: 'All of them, enabled or not.',
          schema: providerListSchema,
          example: providers,
        },
      ],
      errors: [],
      examples: [{ title: 'List' }],
    },
    {
      id: 'listModels',
      method: 'get',
      path: '/v1/models',
      tag: 'Money',
      summary: 'List models',
      description: 'The models that an enabled provider makes.',
      access: 'reader',
      answers: [
        { status: 200, description: 'The models.', schema: modelListSchema, example: models },
      ],
      errors: [],
      examples: [{ title: 'List' }],
    },
    {
      id: 'listUsage',
      method: 'get',
      path: '/v1/usage',
      tag: 'Money',
      summary: 'Read the usage',
      description:
        'What was paid for, by provider and day, summed from the ledger. The admin token sees every key.',
      access: 'reader',
      query: usageRangeSchema,
      answers: [
        {
          status: 200,
          description: 'One row a provider and day.',
          schema: usageListSchema,
          example: usage,
        },
      ],
      errors: [],
      examples: [{ title: 'A month', query: { from: '2026-11-01', to: '2026-11-30' } }],
    },
  ]
}
