/** Around every test file in workerd: tables first, and no call left hanging at the end. */
import { applyD1Migrations } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterAll } from 'vitest'

const WAIT_MS = 10_000
/** A run that is just ending its last step. */
const LAST_STEP_MS = 700

await applyD1Migrations(env.DB, env.MIGRATIONS)

/** Calls still under way would keep the runtime from stopping. */
afterAll(async () => {
  const givesUpAt = Date.now() + WAIT_MS
  const underWay = env.DB.prepare(
    `select 1 from tasks left join attempts on attempts.task_id = tasks.id
     where tasks.status = 'queued' or attempts.status = 'submitting'`,
  )
  while (Date.now() < givesUpAt && (await underWay.first())) await scheduler.wait(50)
  await scheduler.wait(LAST_STEP_MS)
}, 2 * WAIT_MS)
