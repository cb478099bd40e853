/** The whole reference as one OpenAPI 3.1 document. */
import type { AddressPolicies } from '../task-request'
import { finishedTask } from './examples'
import type { OpenApiDocument, OperationObject } from './openapi'
import { TAGS, type Tag } from './operation'
import { ANSWER_HEADERS, describeOperation } from './operation-object'
import { operationsOf } from './operations'
import { SchemaCollection } from './schemas'
import { describeWebhooks } from './webhook-objects'

/** Of the API, not of the gateway's code: what a client may count on. */
const VERSION = '1.0.0'

const TAG_DESCRIPTIONS: Readonly<Record<Tag, string>> = {
  Tasks: 'A task is one request for pictures. Make it, then wait for it.',
  Pictures: 'Fetch what was made, and upload what should be used as a reference.',
  Money: 'What it would cost, who can make it, what was paid.',
  Webhooks: 'Messages to your `callback_url`, signed as Standard Webhooks says.',
  Keys: 'For the operator, with the admin token.',
  Gateway: 'Health, this reference, and where providers call back.',
}

const DESCRIPTION = `Send \`Authorization: Bearer <key>\`. Times are ISO 8601 in UTC. Every answer carries \`X-Request-Id\`, and every one that is not 2xx is \`{"error": {"code", "message", "type", "param"?}}\`.`

export function describeGateway(
  settings: AddressPolicies & { publicUrl: string },
): OpenApiDocument {
  const schemas = new SchemaCollection()
  const paths: Record<string, Record<string, OperationObject>> = {}
  for (const operation of operationsOf(settings)) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method]: describeOperation(operation, schemas, settings.publicUrl),
    }
  }
  const webhooks = describeWebhooks(schemas, finishedTask)
  return {
    openapi: '3.1.0',
    info: {
      title: 'imagegate',
      version: VERSION,
      summary: 'One gateway to four GPT Image 2 resellers.',
      description: DESCRIPTION,
    },
    servers: [{ url: settings.publicUrl }],
    tags: TAGS.map((name) => ({ name, description: TAG_DESCRIPTIONS[name] })),
    paths,
    webhooks,
    components: {
      schemas: schemas.named,
      headers: Object.fromEntries(
        Object.entries(ANSWER_HEADERS).map(([name, description]) => [
          name,
          { description, schema: { type: 'string' } },
        ]),
      ),
      securitySchemes: {
        clientKey: { type: 'http', scheme: 'bearer', description: 'A client key, `ig_…`.' },
        adminToken: {
          type: 'http',
          scheme: 'bearer',
          description: "The operator's `ADMIN_TOKEN`, which reads everything and makes no tasks.",
        },
        signedUrl: {
          type: 'apiKey',
          in: 'query',
          name: 'signature',
          description: 'The query of a signed address, good for that one picture.',
        },
      },
    },
  }
}
