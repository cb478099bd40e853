/** The messages that the gateway sends, as OpenAPI writes them. */
import type * as z from 'zod'
import { TRY_OFFSETS_MS } from '../../core/webhook'
import type { TaskJson } from '../../wire/task'
import type { WebhookJson } from '../../wire/webhook'
import { type TestWebhookJson, testWebhookSchema, webhookSchema } from '../../wire/webhook'
import { TEST_DATA } from '../deliveries'
import type { OpenApiDocument, OperationObject, ParameterObject } from './openapi'
import type { SchemaCollection } from './schemas'

const HEADERS: ParameterObject[] = [
  ['webhook-id', 'The same over all tries: one that you have seen may be ignored.'],
  ['webhook-timestamp', 'When this try was signed, in seconds since 1970.'],
  [
    'webhook-signature',
    '`v1,` and an HMAC-SHA256 in base64 of id, timestamp and body, with dots between; two of them after a rotation.',
  ],
].map(([name = '', description = '']) => ({
  name,
  in: 'header',
  required: true,
  description,
  schema: { type: 'string' },
}))

const UNITS = [
  { name: 'h', milliseconds: 3_600_000 },
  { name: 'min', milliseconds: 60_000 },
  { name: 's', milliseconds: 1000 },
]
const [, ...RETRIES] = TRY_OFFSETS_MS.map(inWords)

const DESCRIPTION = `Verify it with any Standard Webhooks library and the webhook secret of your key. A 2xx within 15 seconds takes it; a redirect is a failure; 410 ends the tries. Otherwise it is tried again: after ${RETRIES.slice(0, -1).join(', ')} and ${RETRIES.at(-1)}. \`Retry-After\` is honoured.`

export function describeWebhooks(
  schemas: SchemaCollection,
  task: TaskJson,
): OpenApiDocument['webhooks'] {
  const timestamp = task.completed_at ?? task.created_at
  const over: WebhookJson = { type: 'task.succeeded', timestamp, data: task }
  const test: TestWebhookJson = {
    type: 'webhook.test',
    timestamp,
    data: TEST_DATA,
  }
  return {
    taskOver: {
      post: message('taskOver', 'A task is over', DESCRIPTION, schemas, webhookSchema, over),
    },
    webhookTest: {
      post: message(
        'webhookTest',
        'A test',
        'Sent once by `POST /v1/webhooks/test`.',
        schemas,
        testWebhookSchema,
        test,
      ),
    },
  }
}

function message(
  operationId: string,
  summary: string,
  description: string,
  schemas: SchemaCollection,
  schema: z.ZodType,
  example: object,
): OperationObject {
  return {
    operationId,
    tags: ['Webhooks'],
    summary,
    description,
    security: [],
    parameters: HEADERS,
    requestBody: {
      required: true,
      content: { 'application/json': { schema: schemas.ofAnswer(schema), example } },
    },
    responses: { '2XX': { description: 'You have it.' } },
  }
}

/** Such as `5 min`: in the largest unit of which it is a whole number. */
function inWords(milliseconds: number): string {
  const unit = UNITS.find((candidate) => milliseconds % candidate.milliseconds === 0)
  return unit ? `${milliseconds / unit.milliseconds} ${unit.name}` : `${milliseconds} ms`
}
