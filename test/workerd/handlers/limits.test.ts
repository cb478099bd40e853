/** Rate and spend limits: exact under any concurrency, and given back when nothing was charged. */
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { QuoteListJson } from '../../../src/wire/catalogue'
import type { ErrorJson } from '../../../src/wire/error'
import type { KeyJson, KeyListJson, NewKeyJson } from '../../../src/wire/key'
import { ADMIN_TOKEN, backdate, call, makeTask, post, until, untilOver } from '../world/gateway'

/** aivideoapi.ai at 1k: 4.7 credits at half a cent. */
const PICTURE_USD = 0.0235
const REQUEST = { prompt: 'A coin', provider: 'aivideoapi.ai' }

async function makeKeyWith(limits: object): Promise<NewKeyJson> {
  return (await post('/v1/keys', ADMIN_TOKEN, { name: 'limited', ...limits })).json()
}

async function spentBy({ id }: KeyJson): Promise<Pick<KeyJson, 'daily_usd' | 'total_usd'>> {
  const response = await call('/v1/keys', { token: ADMIN_TOKEN })
  const { data } = await response.json<KeyListJson>()
  const { daily_usd, total_usd } = data.find((key) => key.id === id) ?? {}
  return { daily_usd: daily_usd ?? Number.NaN, total_usd: total_usd ?? Number.NaN }
}

async function statuses(responses: Array<Promise<Response>>): Promise<number[]> {
  const answers = await Promise.all(responses)
  await Promise.all(answers.map((answer) => answer.arrayBuffer()))
  return answers.map(({ status }) => status).sort()
}

const countTasks = async ({ id }: KeyJson) =>
  env.DB.prepare('select count(*) as count from tasks where key_id = ?').bind(id).first('count')

describe('the rate limit', () => {
  it('lets through as many as it says, however many come at once', async () => {
    const key = await makeKeyWith({ rate_limit_per_minute: 5 })
    const posts = Array.from({ length: 12 }, () => post('/v1/tasks', key.key, REQUEST))
    expect(await statuses(posts)).toEqual([...Array(5).fill(202), ...Array(7).fill(429)])
    expect(await countTasks(key)).toBe(5)
  })

  it('says how many are left and when to come back', async () => {
    const key = await makeKeyWith({ rate_limit_per_minute: 1 })
    const first = await post('/v1/tasks', key.key, REQUEST)
    expect(Object.fromEntries(first.headers)).toMatchObject({
      'ratelimit-limit': '1',
      'ratelimit-remaining': '0',
      'ratelimit-reset': '60',
    })
    const second = await post('/v1/tasks', key.key, REQUEST)
    expect(second.status).toBe(429)
    expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(50)
    expect(second.headers.get('ratelimit-remaining')).toBe('0')
    expect(await second.json()).toMatchObject({
      error: { code: 'rate_limit_exceeded', type: 'rate_limit_error' },
    })
  })

  it('begins anew after a minute', async () => {
    const key = await makeKeyWith({ rate_limit_per_minute: 1 })
    await makeTask(key.key, REQUEST)
    await env.DB.prepare('update keys set window_started_at = ? where id = ?')
      .bind(Date.now() - 60_000, key.id)
      .run()
    expect((await post('/v1/tasks', key.key, REQUEST)).status).toBe(202)
  })

  it('lets a repeat through although its first request took the last place', async () => {
    const key = await makeKeyWith({ rate_limit_per_minute: 1 })
    const keyed = { 'idempotency-key': 'once' }
    const posts = Array.from({ length: 20 }, () => post('/v1/tasks', key.key, REQUEST, keyed))
    expect(new Set(await statuses(posts))).toEqual(new Set([202]))
    expect(await countTasks(key)).toBe(1)
  })

  it('counts neither repeats nor refused requests', async () => {
    const key = await makeKeyWith({ rate_limit_per_minute: 2 })
    const keyed = { 'idempotency-key': 'once' }
    const posts = Array.from({ length: 6 }, () => post('/v1/tasks', key.key, REQUEST, keyed))
    expect(new Set(await statuses(posts))).toEqual(new Set([202]))
    expect(await countTasks(key)).toBe(1)
    expect((await post('/v1/tasks', key.key, { ...REQUEST, n: 99 })).status).toBe(400)
    expect((await post('/v1/tasks', key.key, REQUEST)).status).toBe(202)
    expect((await post('/v1/tasks', key.key, REQUEST)).status).toBe(429)
  })
})

describe.each([
  ['daily_usd_limit', 'daily_usd'],
  ['total_usd_limit', 'total_usd'],
] as const)('%s', (limit, spent) => {
  it('is never passed, however many come at once', async () => {
    const key = await makeKeyWith({ [limit]: 3.5 * PICTURE_USD })
    const posts = Array.from({ length: 10 }, () => post('/v1/tasks', key.key, REQUEST))
    expect(await statuses(posts)).toEqual([...Array(3).fill(202), ...Array(7).fill(429)])
    expect((await spentBy(key))[spent]).toBeCloseTo(3 * PICTURE_USD, 6)
  })

  it('answers 429 and when to come back', async () => {
    const key = await makeKeyWith({ [limit]: 0.01 })
    const response = await post('/v1/tasks', key.key, REQUEST)
    expect(response.status).toBe(429)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    const { error } = await response.json<ErrorJson>()
    expect(error).toMatchObject({ code: 'spend_limit_exceeded', type: 'billing_error' })
    expect(await countTasks(key)).toBe(0)
    expect((await spentBy(key))[spent]).toBe(0)
  })
})

describe('spending', () => {
  const LIMITS = { daily_usd_limit: 10, total_usd_limit: 10 }

  it('stays counted when the picture was charged', async () => {
    const key = await makeKeyWith(LIMITS)
    const { id } = await makeTask(key.key, { ...REQUEST, n: 2 })
    expect((await spentBy(key)).total_usd).toBeCloseTo(2 * PICTURE_USD, 6)
    expect((await untilOver(key.key, id)).status).toBe('succeeded')
    expect((await spentBy(key)).total_usd).toBeCloseTo(2 * PICTURE_USD, 6)
  })

  it.each([
    ['the provider refuses', '[[submit=400]]'],
    ['the job fails and is refunded', '[[finish=fail]]'],
  ])('is given back when %s', async (_, fault) => {
    const key = await makeKeyWith(LIMITS)
    const { id } = await makeTask(key.key, { ...REQUEST, prompt: `A coin ${fault}` })
    expect((await untilOver(key.key, id)).status).toBe('failed')
    expect(await spentBy(key)).toEqual({ daily_usd: 0, total_usd: 0 })
  })

  it('stays counted while nobody knows', async () => {
    const key = await makeKeyWith(LIMITS)
    const prompt = 'A coin [[answer=500 callback=none]]'
    const { id } = await makeTask(key.key, { ...REQUEST, prompt })
    await until(key.key, id, ({ attempts }) => attempts[0]?.status === 'unknown')
    await backdate(id, 'deadline_at')
    expect((await untilOver(key.key, id)).cost.charged).toBe('unknown')
    expect((await spentBy(key)).total_usd).toBeCloseTo(PICTURE_USD, 6)
  })

  it('holds the dearest provider that may be asked', async () => {
    const key = await makeKeyWith(LIMITS)
    await makeTask(key.key, { prompt: 'A coin', resolution: '4k', aspect_ratio: '16:9' })
    expect((await spentBy(key)).total_usd).toBeCloseTo(14.1 * 0.005, 6)
  })

  it('needs a known price', async () => {
    const key = await makeKeyWith({ daily_usd_limit: 10 })
    const response = await post('/v1/tasks', key.key, { prompt: 'x', provider: 'gptimage2.ai' })
    expect(response.status).toBe(422)
    const { error } = await response.json<ErrorJson>()
    expect(error).toMatchObject({ code: 'no_eligible_provider' })
    expect(error.message).toContain('spend limit')
    const quote = await post('/v1/quotes', key.key, { prompt: 'x' })
    const { providers } = await quote.json<QuoteListJson>()
    expect(providers.filter(({ eligible }) => eligible)).toHaveLength(1)
  })
})
