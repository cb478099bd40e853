/** `GET /healthz`: whether the gateway can work at all. */
import * as z from 'zod'
import { json } from './endpoint/answer'
import { endpoint } from './endpoint/endpoint'

const healthSchema = z.strictObject({ status: z.literal('ok') }).meta({ id: 'Health' })

export const getHealth = endpoint({
  id: 'getHealth',
  method: 'get',
  path: '/healthz',
  tag: 'Gateway',
  summary: 'Health check',
  description: 'With a bad setting it answers 503 and names the setting.',
  access: 'none',
  answers: { 200: json(healthSchema, 'All is well.', { status: 'ok' }) },
}).handle(async () => ({ status: 200, body: { status: 'ok' } }))
