/** `GET /healthz`: whether the gateway works. It tells no secrets, for anybody may ask. */
import * as z from 'zod'
import { version } from '../../package.json'
import { gatewayHealth } from '../flow/health'
import { json } from './endpoint/answer'
import { endpoint } from './endpoint/endpoint'

const healthSchema = z
  .strictObject({
    status: z
      .enum(['ok', 'unhealthy'])
      .describe('`unhealthy`: the cron has not been seen for five minutes.'),
    version: z.string().describe('Of the gateway.'),
    last_sweep_seconds: z
      .int()
      .nullable()
      .describe(
        'How long ago the cron was seen, which comes every minute; null before it first was.',
      ),
    oldest_due_seconds: z
      .int()
      .describe('How long the task or webhook that waits longest has been due; 0 when none waits.'),
  })
  .meta({ id: 'Health', description: 'How the gateway is.' })

type Health = z.output<typeof healthSchema>

const healthy: Health = { status: 'ok', version, last_sweep_seconds: 12, oldest_due_seconds: 0 }
const unhealthy: Health = { ...healthy, status: 'unhealthy', last_sweep_seconds: 900 }

export const getHealth = endpoint({
  id: 'getHealth',
  method: 'get',
  path: '/healthz',
  tag: 'Gateway',
  summary: 'Health check',
  description:
    'For whoever watches the gateway. With a bad setting it answers 503 too, with an error that names the setting.',
  access: 'none',
  answers: {
    200: json(
      healthSchema,
      'All is well, or the gateway is new and its cron is still to come.',
      healthy,
    ),
    503: json(healthSchema, 'The cron has not been seen for five minutes.', unhealthy),
  },
}).handle(async ({ ports }) => {
  const { isHealthy, lastSweepSeconds, oldestDueSeconds } = await gatewayHealth(ports)
  const body = {
    version,
    last_sweep_seconds: lastSweepSeconds,
    oldest_due_seconds: oldestDueSeconds,
  }
  return isHealthy
    ? { status: 200, body: { status: 'ok', ...body } }
    : { status: 503, body: { status: 'unhealthy', ...body } }
})
