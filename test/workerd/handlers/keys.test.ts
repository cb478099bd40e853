/** The operator's keys, and what a bad setting does. */
import { createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import worker from '../../../src/index'
import type { ErrorJson } from '../../../src/wire/error'
import type { KeyListJson, NewKeyJson, RotatedKeyJson } from '../../../src/wire/key'
import { dumpEverything } from '../world/endpoints'
import { ADMIN_TOKEN, call, makeKey, ORIGIN, post } from '../world/gateway'

async function makeKeyWith(body: object): Promise<NewKeyJson> {
  return (await post('/v1/keys', ADMIN_TOKEN, body)).json()
}

/** Ends what was replaced with a grace of a minute. */
async function passMinute(id: string): Promise<void> {
  const end = [Date.now() - 1, Date.now() + 60_000, id]
  await env.DB.batch([
    env.DB.prepare('update key_hashes set ends_at = ? where ends_at <= ? and key_id = ?').bind(
      ...end,
    ),
    env.DB.prepare(
      'update keys set previous_key_until = ? where previous_key_until <= ? and id = ?',
    ).bind(...end),
  ])
}

function patch(id: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  const sent = { method: 'PATCH', token: ADMIN_TOKEN, headers, body: JSON.stringify(body) }
  return call(`/v1/keys/${id}`, sent)
}

describe('keys', () => {
  it('shows a key once and keeps only its hash', async () => {
    const response = await post('/v1/keys', ADMIN_TOKEN, { name: 'shop' })
    expect(response.status).toBe(201)
    const made = await response.json<NewKeyJson>()
    expect(made).toEqual({
      id: expect.stringMatching(/^key_/),
      name: 'shop',
      created_at: expect.any(String),
      last_used_at: null,
      rate_limit_per_minute: null,
      daily_usd_limit: null,
      total_usd_limit: null,
      mcp_max_usd: null,
      daily_usd: null,
      total_usd: null,
      key: expect.stringMatching(/^ig_[\w-]{43}$/),
      webhook_secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
    })
    const list = await (await call('/v1/keys', { token: ADMIN_TOKEN })).text()
    expect(list).toContain(made.id)
    expect(list).not.toContain(made.key)
    expect(JSON.stringify(await dumpEverything())).not.toContain(made.key)
  })

  it('stops working at once when it is deleted', async () => {
    const key = await makeKey('short-lived')
    const list = await (await call('/v1/keys', { token: ADMIN_TOKEN })).json<KeyListJson>()
    const id = list.data[0]?.id
    expect((await call('/v1/tasks/x', { token: key })).status).toBe(404)
    const deleted = await call(`/v1/keys/${id}`, { method: 'DELETE', token: ADMIN_TOKEN })
    expect(deleted.status).toBe(204)
    expect((await call('/v1/tasks/x', { token: key })).status).toBe(401)
    const again = await call(`/v1/keys/${id}`, { method: 'DELETE', token: ADMIN_TOKEN })
    expect(again.status).toBe(404)
  })

  it('can be rotated, the old one working on for a while', async () => {
    const made = await post('/v1/keys', ADMIN_TOKEN, { name: 'rotating' })
    const { id, key: first } = await made.json<NewKeyJson>()
    const statusWith = async (token: string) => (await call('/v1/tasks', { token })).status

    const rotated = await call(`/v1/keys/${id}/rotate`, { method: 'POST', token: ADMIN_TOKEN })
    expect(rotated.status).toBe(200)
    const answer = await rotated.json<RotatedKeyJson>()
    const graceMs = Date.parse(answer.previous_until) - Date.now()
    expect(graceMs).toBeGreaterThan(86_390_000)
    expect(await Promise.all([first, answer.key].map(statusWith))).toEqual([200, 200])

    const again = await post(`/v1/keys/${id}/rotate`, ADMIN_TOKEN, { grace_seconds: 0 })
    const { key: third } = await again.json<RotatedKeyJson>()
    expect(await Promise.all([first, answer.key, third].map(statusWith))).toEqual([401, 401, 200])
    const missing = await post('/v1/keys/key_none/rotate', ADMIN_TOKEN, {})
    expect(missing.status).toBe(404)
    const wrong = await post(`/v1/keys/${id}/rotate`, ADMIN_TOKEN, { grace_seconds: -1 })
    expect(await wrong.json()).toMatchObject({ error: { param: 'grace_seconds' } })
  })

  it('keeps the grace of a key although it is rotated again', async () => {
    const made = await makeKeyWith({ name: 'twice' })
    const rotate = async (grace_seconds: number) => {
      const response = await post(`/v1/keys/${made.id}/rotate`, ADMIN_TOKEN, { grace_seconds })
      return (await response.json<RotatedKeyJson>()).key
    }
    const statuses = (...keys: string[]) =>
      Promise.all(keys.map(async (token) => (await call('/v1/tasks', { token })).status))
    const second = await rotate(3600)
    const third = await rotate(60)
    const fourth = await rotate(60)
    expect(await statuses(made.key, second, third, fourth)).toEqual([200, 200, 200, 200])

    await passMinute(made.id)
    expect(await statuses(made.key, second, third, fourth)).toEqual([200, 401, 401, 200])

    const fifth = await rotate(0)
    expect(await statuses(made.key, second, third, fourth, fifth)).toEqual([
      401, 401, 401, 401, 200,
    ])
  })

  it('forgets replaced ones whose time is up', async () => {
    const { id } = await makeKeyWith({ name: 'often' })
    const rotate = () => post(`/v1/keys/${id}/rotate`, ADMIN_TOKEN, { grace_seconds: 60 })
    const hashes = () =>
      env.DB.prepare('select count(*) as count from key_hashes where key_id = ?')
        .bind(id)
        .first('count')
    await rotate()
    await rotate()
    expect(await hashes()).toBe(3)
    await passMinute(id)
    await rotate()
    expect(await hashes()).toBe(2)
  })

  it('changes nothing of one that is revoked', async () => {
    const { id } = await makeKeyWith({ name: 'gone' })
    await call(`/v1/keys/${id}`, { method: 'DELETE', token: ADMIN_TOKEN })
    const before = await dumpEverything()
    for (const path of ['rotate', 'rotate_webhook_secret']) {
      const response = await post(`/v1/keys/${id}/${path}`, ADMIN_TOKEN, { grace_seconds: 0 })
      expect(response.status).toBe(404)
    }
    expect((await patch(id, { name: 'back' })).status).toBe(404)
    expect(await dumpEverything()).toEqual(before)
  })

  it('tells when it was last used, without a write for each request', async () => {
    const made = await post('/v1/keys', ADMIN_TOKEN, { name: 'used' })
    const { id, key } = await made.json<NewKeyJson>()
    const lastUsed = () =>
      env.DB.prepare('select last_used_at from keys where id = ?').bind(id).first('last_used_at')
    expect(await lastUsed()).toBeNull()
    await call('/v1/tasks', { token: key })
    await expect.poll(lastUsed).not.toBeNull()
    const first = await lastUsed()
    await call('/v1/tasks', { token: key })
    expect(await lastUsed()).toBe(first)
  })

  it('belongs to the operator', async () => {
    const key = await makeKey()
    for (const response of [
      await call('/v1/keys', { token: key }),
      await post('/v1/keys', key, { name: 'x' }),
      await call('/v1/keys/x', { method: 'DELETE', token: key }),
    ]) {
      expect(response.status).toBe(403)
      expect(await response.json()).toMatchObject({
        error: { code: 'not_allowed', type: 'permission_error' },
      })
    }
    expect((await call('/v1/keys')).status).toBe(401)
  })

  it.each([
    ['name', {}],
    ['name', { name: '' }],
    ['colour', { name: 'x', colour: 'red' }],
  ])('needs %s to be right', async (param, body) => {
    const response = await post('/v1/keys', ADMIN_TOKEN, body)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { param } })
  })
})

describe('changing a key', () => {
  it('sets what is given and lifts what is null', async () => {
    const limits = { rate_limit_per_minute: 1, daily_usd_limit: 5, total_usd_limit: 50 }
    const { id, key } = await makeKeyWith({ name: 'before', ...limits })
    const changed = await patch(id, { name: 'after', daily_usd_limit: 7.5, total_usd_limit: null })
    expect(changed.status).toBe(200)
    expect(await changed.json()).toMatchObject({
      id,
      name: 'after',
      rate_limit_per_minute: 1,
      daily_usd_limit: 7.5,
      total_usd_limit: null,
    })
    const request = { prompt: 'A coin', provider: 'aivideoapi.ai' }
    expect((await post('/v1/tasks', key, request)).status).toBe(202)
    expect((await post('/v1/tasks', key, request)).status).toBe(429)
    await patch(id, { rate_limit_per_minute: null })
    expect((await post('/v1/tasks', key, request)).status).toBe(202)
    await patch(id, { daily_usd_limit: 0.01 })
    expect((await post('/v1/tasks', key, request)).status).toBe(429)
  })

  it('answers the key when nothing is asked for', async () => {
    const { id } = await makeKeyWith({ name: 'same', daily_usd_limit: 5 })
    const answer = await patch(id, {})
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ id, name: 'same', daily_usd_limit: 5 })
  })

  it.each([
    ['name', { name: null }],
    ['name', { name: ' ' }],
    ['daily_usd_limit', { daily_usd_limit: 0 }],
    ['daily_usd_limit', { daily_usd_limit: '5' }],
    ['rate_limit_per_minute', { rate_limit_per_minute: 1.5 }],
    ['id', { id: 'key_1' }],
    ['colour', { colour: null }],
  ])('needs %s to be right (%j)', async (param, body) => {
    const { id } = await makeKeyWith({ name: 'x' })
    const before = await dumpEverything()
    const response = await patch(id, body)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { param } })
    expect(await dumpEverything()).toEqual(before)
  })
})

describe('settings', () => {
  const fetchWith = (settings: Record<string, string>, path = '/healthz') =>
    worker.fetch(new Request(ORIGIN + path), { ...env, ...settings }, createExecutionContext())

  it('is healthy with good ones', async () => {
    const response = await fetchWith({})
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ status: 'ok' })
  })

  it.each([
    ['PUBLIC_URL', ''],
    ['PUBLIC_URL', 'gateway.example.com'],
    ['PUBLIC_URL', 'http://gateway.example.com'],
    ['PUBLIC_URL', 'https://10.0.0.1'],
    ['PUBLIC_URL', 'https://gateway.example.com/?x=1'],
    ['PUBLIC_URL', 'https://gateway.example.com/pictures'],
    ['GPTIMAGE2_AI_BASE_URL', 'https://user:word@gptimage2.ai'],
    ['GPTIMAGE2_AI_API_KEY', 'two words'],
    ['TASK_DEADLINE_SECONDS', '0x3c'],
    ['ADMIN_TOKEN', 'short'],
    ['SIGNING_SECRET', 'x'.repeat(31)],
    ['SIGNING_SECRET_PREVIOUS', 'short'],
    ['PROVIDER_ORDER', 'example.com'],
    ['PROVIDER_ORDER', ','],
    ['PROVIDER_ORDER', 'gptimage2.ai,gptimage2.ai'],
    ['TASK_DEADLINE_SECONDS', 'soon'],
    ['TASK_DEADLINE_SECONDS', '1.5'],
    ['TICK_SECONDS', '-1'],
    ['OUTPUT_URL_TTL_SECONDS', '0'],
    ['MAX_OUTPUT_BYTES', '1e99'],
    ['GPTIMAGE2_AI_BASE_URL', 'gptimage2.ai'],
    ['GPTIMAGE2_AI_CREDIT_USD', 'cheap'],
    ['GPTIMAGE2_AI_CREDIT_USD', '-1'],
  ])('names a bad %s (%j) on every path', async (name, value) => {
    for (const path of ['/healthz', '/v1/tasks/x', '/nothing']) {
      const response = await fetchWith({ [name]: value }, path)
      expect(response.status).toBe(503)
      const body = await response.json<ErrorJson>()
      expect(body.error.code).toBe('misconfigured')
      expect(body.error.message).toContain(name)
      expect(response.headers.get('x-request-id')).toMatch(/^req_/)
    }
  })

  it("trusts a provider's address for calls, but not on a client's word", async () => {
    const settings = { ...env, GPTIMAGE2_AI_BASE_URL: 'http://10.0.0.5:8080' }
    const key = await makeKey()
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    for (const field of ['callback_url', 'image_urls']) {
      const address = 'http://10.0.0.5:8080/x'
      const value = field === 'image_urls' ? [address] : address
      const body = JSON.stringify({ prompt: 'x', [field]: value })
      const request = new Request(`${ORIGIN}/v1/quotes`, { method: 'POST', headers, body })
      const response = await worker.fetch(request, settings, createExecutionContext())
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ error: { param: field } })
    }
  })

  it('takes plain http where the operator allows it', async () => {
    const settings = { PUBLIC_URL: 'http://127.0.0.1:8787', PRIVATE_HOSTS: 'localhost, 127.0.0.1' }
    expect((await fetchWith(settings)).status).toBe(200)
  })
})
