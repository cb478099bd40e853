/** The gateway itself: its health, this reference, and where providers call back. */
import * as z from 'zod'
import { ATTEMPT_ID, CALLBACK_TOKEN, PROVIDER_TASK_ID } from '../examples'
import type { Operation } from '../operation'

export const gatewayOperations: Operation[] = [
  {
    id: 'getHealth',
    method: 'get',
    path: '/healthz',
    tag: 'Gateway',
    summary: 'Ask for its health',
    description: 'With a bad setting it answers 503 and names the setting.',
    access: 'none',
    answers: [
      {
        status: 200,
        description: 'All is well.',
        schema: z.strictObject({ status: z.literal('ok') }).meta({ id: 'Health' }),
        example: { status: 'ok' },
      },
    ],
    errors: [],
    examples: [{ title: 'Ask' }],
  },
  {
    id: 'getOpenApi',
    method: 'get',
    path: '/openapi.json',
    tag: 'Gateway',
    summary: 'Read this reference as OpenAPI',
    description: 'OpenAPI 3.1, made from the schemas that check requests.',
    access: 'none',
    answers: [
      {
        status: 200,
        description: 'The document.',
        schema: z.looseObject({ openapi: z.string() }).meta({ id: 'OpenApi' }),
        example: { openapi: '3.1.0' },
      },
    ],
    errors: [],
    examples: [{ title: 'Read' }],
  },
  {
    id: 'getDocs',
    method: 'get',
    path: '/docs',
    tag: 'Gateway',
    summary: 'Read this reference as a page',
    description: 'The same document, for people.',
    access: 'none',
    answers: [{ status: 200, description: 'The page.', mediaTypes: ['text/html'] }],
    errors: [],
    examples: [{ title: 'Read' }],
  },
  {
    id: 'receiveCallback',
    method: 'post',
    path: '/callbacks/{provider}/{attempt}/{token}',
    tag: 'Gateway',
    summary: 'Hear from a provider',
    description:
      'For providers only, at an address that only they were told. The body is a hint: the provider is asked with our key before anything is believed.',
    access: 'none',
    body: {
      name: 'ProviderCallback',
      isOfAnyType: true,
      schema: z.looseObject({ id: z.string().describe("The provider's id of the job.") }),
    },
    answers: [
      {
        status: 200,
        description: 'The hint is stored.',
        schema: z.strictObject({ received: z.literal(true) }).meta({ id: 'CallbackReceipt' }),
        example: { received: true },
      },
    ],
    errors: ['not_found'],
    examples: [
      {
        title: 'News',
        path: { provider: 'aivideoapi.ai', attempt: ATTEMPT_ID, token: CALLBACK_TOKEN },
        body: { id: PROVIDER_TASK_ID, status: 'completed' },
      },
    ],
  },
]
