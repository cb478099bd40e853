/** The Worker: HTTP requests, the cron, and the task runners. */
import { app } from './app'
import { sweepOnSchedule } from './handlers/scheduled'
import type { Env } from './settings'

export { TaskRunner } from './runner'

export default {
  fetch: app.fetch,
  scheduled: (_controller, env) => sweepOnSchedule(env),
} satisfies ExportedHandler<Env>
