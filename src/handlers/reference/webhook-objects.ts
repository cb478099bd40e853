/** The messages that the gateway sends, as OpenAPI writes them. */
import type * as z from 'zod'
import type { TaskJson } from '../../wire/task'
import type { WebhookJson } from '../../wire/webhook'
import { type TestWebhookJson, testWebhookSchema, webhookSchema } from '../../wire/webhook'
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

const DESCRIPTION =
  'Verify it with any Standard Webhooks library and the webhook secret of your key. A 2xx within 15 seconds takes it; a redirect is a failure; 410 ends the tries. Otherwise it is tried for a day: after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h. `Retry-After` is honoured.'

export function describeWebhooks(
  schemas: SchemaCollection,
  task: TaskJson,
): OpenApiDocument['webhooks'] {
  const timestamp = task.completed_at ?? task.created_at
  const over: WebhookJson = { type: 'task.succeeded', timestamp, data: task }
  const test: TestWebhookJson = {
    type: 'webhook.test',
    timestamp,
    data: { object: 'test', message: 'If you can verify this, your webhooks will arrive.' },
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
