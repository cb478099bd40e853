/** The Worker: HTTP requests, the cron, and the task runners. */
import { app } from './app'
import { sweepOnSchedule } from './handlers/scheduled'
import { openPorts } from './platform'
import { learnedPublicUrl } from './public-url'
import { type Env, settingIn } from './settings'

export { TaskRunner } from './runner'

export default {
  fetch: app.fetch,
  scheduled: async (_controller, env, context) => {
    const learnedUrl = await learnedPublicUrl(env)
    // Without an address there is no task yet, and nothing to do.
    if (settingIn(env, 'PUBLIC_URL') === '' && learnedUrl === null) return
    await sweepOnSchedule(openPorts(env, context, learnedUrl))
  },
} satisfies ExportedHandler<Env>
