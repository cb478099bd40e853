/** The Worker: HTTP requests, the cron, and the task runners. */
import { app } from './app'
import { sweepOnSchedule } from './handlers/scheduled'
import { openPorts } from './platform'
import type { Env } from './settings'

export { TaskRunner } from './runner'

export default {
  fetch: app.fetch,
  scheduled: (_controller, env, context) => sweepOnSchedule(openPorts(env, context)),
} satisfies ExportedHandler<Env>
