/** `GET /openapi.json`: the reference for machines. `/docs` shows the same to people. */
import * as z from 'zod'
import type { Settings } from '../../settings'
import { json } from '../endpoint/answer'
import { endpoint, type Operation } from '../endpoint/endpoint'
import { describeGateway } from './document'

const openApiSchema = z
  .looseObject({ openapi: z.string() })
  .meta({ id: 'OpenApi', description: 'An OpenAPI document.' })

/** The operations and the one that describes them, itself included. */
export function withOpenApi(operations: readonly Operation[]): Operation[] {
  /** It depends on nothing but the settings, so it is made once in the life of an isolate. */
  const made = new WeakMap<Settings, z.output<typeof openApiSchema>>()
  const getOpenApi = endpoint({
    id: 'getOpenApi',
    method: 'get',
    path: '/openapi.json',
    tag: 'Gateway',
    summary: 'OpenAPI document',
    description:
      'OpenAPI 3.1, made from the same schemas that check requests. `/docs` shows it to people.',
    access: 'none',
    answers: {
      200: json(openApiSchema, 'The document.', { openapi: '3.1.0' }),
    },
  }).handle(async ({ ports: { settings } }) => {
    const body = made.get(settings) ?? { ...describeGateway(all, settings.publicUrl) }
    made.set(settings, body)
    return { status: 200, body }
  })
  const all = [...operations, getOpenApi]
  return all
}
