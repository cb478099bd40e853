/** The health check: whether the cron comes, how long work has waited, and nothing secret. */
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import manifest from '../../../package.json'
import { ADMIN_TOKEN, call, makeKey, makeQueued, runCron } from '../world/gateway'

const MINUTE_MS = 60_000

beforeEach(async () => {
  await env.DB.exec('delete from moments')
})

async function health(): Promise<[status: number, body: Record<string, unknown>]> {
  const response = await call('/healthz')
  return [response.status, await response.json()]
}

const backdate = (name: string, ms: number) =>
  env.DB.prepare('update moments set at = at - ? where name = ?').bind(ms, name).run()

describe('the cron', () => {
  it('is awaited for five minutes once there is a key', async () => {
    expect(await health()).toEqual([
      200,
      { status: 'ok', version: manifest.version, last_sweep_seconds: null, oldest_due_seconds: 0 },
    ])
    await makeKey()
    const age = env.DB.prepare('update keys set created_at = created_at - ?')
    await age.bind(4 * MINUTE_MS).run()
    expect((await health())[0]).toBe(200)
    await age.bind(2 * MINUTE_MS).run()
    expect(await health()).toMatchObject([503, { status: 'unhealthy', last_sweep_seconds: null }])
    await runCron()
    expect(await health()).toMatchObject([200, { status: 'ok', last_sweep_seconds: 0 }])
  })

  it('is missed after five minutes', async () => {
    await runCron()
    await backdate('swept_at', 4 * MINUTE_MS)
    expect(await health()).toMatchObject([200, { status: 'ok', last_sweep_seconds: 240 }])
    await backdate('swept_at', 2 * MINUTE_MS)
    expect(await health()).toMatchObject([503, { status: 'unhealthy', last_sweep_seconds: 360 }])
  })
})

it('tells how long the oldest work has waited', async () => {
  const id = await makeQueued('A sleeper')
  await env.DB.prepare('update tasks set due_at = ? where id = ?')
    .bind(Date.now() - 2 * MINUTE_MS, id)
    .run()
  expect((await health())[1].oldest_due_seconds).toBe(120)
  await env.DB.prepare("update tasks set due_at = null, status = 'canceled' where id = ?")
    .bind(id)
    .run()
  expect((await health())[1].oldest_due_seconds).toBe(0)
})

it('tells no secret', async () => {
  const text = JSON.stringify(await health())
  expect(text).not.toContain(ADMIN_TOKEN)
  expect(Object.keys((await health())[1])).toHaveLength(4)
})
