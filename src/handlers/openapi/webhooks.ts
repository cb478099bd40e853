/** The events that the gateway sends, as OpenAPI writes them. */
import * as z from 'zod'
import type { ZodOpenApiPathItemObject } from 'zod-openapi'
import { TRY_OFFSETS_MS } from '../../core/webhook'
import {
  type TestWebhookJson,
  testWebhookSchema,
  type WebhookJson,
  webhookSchema,
} from '../../wire/webhook'
import { ENDED_AT, finishedTask } from '../tasks/examples'
import { TEST_DATA } from '../webhooks'

const HEADERS = z.object({
  'webhook-id': z
    .string()
    .describe('The same over all retries: one that you have seen may be ignored.'),
  'webhook-timestamp': z.string().describe('When this try was signed, in seconds since 1970.'),
  'webhook-signature': z
    .string()
    .describe(
      '`v1,` and an HMAC-SHA256 in base64 of id, timestamp and body, with dots between; two of them after a rotation.',
    ),
})

const UNITS = [
  { name: 'h', milliseconds: 3_600_000 },
  { name: 'min', milliseconds: 60_000 },
  { name: 's', milliseconds: 1000 },
]
const [, ...RETRIES] = TRY_OFFSETS_MS.map(inWords)

const DESCRIPTION = `Verify it with any Standard Webhooks library and the webhook secret of your key. Any 2xx within 15 seconds is success; a redirect is a failure; 410 ends the retries. Otherwise there are retries after ${RETRIES.slice(0, -1).join(', ')} and ${RETRIES.at(-1)}, each a little later at random. \`Retry-After\` is honoured.`

const over: WebhookJson = { type: 'task.succeeded', timestamp: ENDED_AT, data: finishedTask }
const test: TestWebhookJson = { type: 'webhook.test', timestamp: ENDED_AT, data: TEST_DATA }

const SCHEMAS = { Webhook: webhookSchema, TestWebhook: testWebhookSchema }

/** What we send is described as answers are; the library would take it for what we read. */
export const EVENTS = {
  Webhook: { description: 'A task is over.', content: json(webhookSchema) },
  TestWebhook: { description: 'A test.', content: json(testWebhookSchema) },
}

export const WEBHOOKS = {
  taskOver: event('taskOver', 'A task is over', DESCRIPTION, 'Webhook', over),
  webhookTest: event(
    'webhookTest',
    'A test event',
    'Sent once by `POST /v1/webhooks/test`.',
    'TestWebhook',
    test,
  ),
}

function event<Name extends keyof typeof SCHEMAS>(
  operationId: string,
  summary: string,
  description: string,
  name: Name,
  example: z.output<(typeof SCHEMAS)[Name]>,
): ZodOpenApiPathItemObject {
  const schema = { $ref: `#/components/schemas/${name}` }
  return {
    post: {
      operationId,
      tags: ['Webhooks'],
      summary,
      description,
      security: [],
      requestParams: { header: HEADERS },
      requestBody: { required: true, content: { 'application/json': { schema, example } } },
      responses: { '2XX': { description: 'You have it.' } },
    },
  }
}

function json(schema: z.ZodType) {
  return { 'application/json': { schema } }
}

/** Such as `5 min`: in the largest unit of which it is a whole number. */
function inWords(milliseconds: number): string {
  const unit = UNITS.find((candidate) => milliseconds % candidate.milliseconds === 0)
  return unit ? `${milliseconds / unit.milliseconds} ${unit.name}` : `${milliseconds} ms`
}
