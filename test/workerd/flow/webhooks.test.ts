/** Webhooks to clients: each one arrives, under one id, and no endpoint keeps another one waiting. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { claimDeliveries, recordTry, restartDelivery } from '../../../src/db/deliveries'
import { sendWebhook } from '../../../src/flow/send-webhook'
import type { ErrorJson } from '../../../src/wire/error'
import type { NewKeyJson } from '../../../src/wire/key'
import type { DeliveryJson, DeliveryListJson } from '../../../src/wire/webhook'
import type { ReceivedWebhook } from '../../node/world/receiver'
import { ADMIN_TOKEN, call, post, runCron, runTask, testPorts } from '../world/gateway'

let key: string
let keyId: string
beforeAll(async () => {
  const made = await post('/v1/keys', ADMIN_TOKEN, { name: 'webhooks' })
  const json = await made.json<NewKeyJson>()
  key = json.key
  keyId = json.id
})

const endpoint = (behaviour: string) =>
  `https://client.example.com/${behaviour}/${crypto.randomUUID()}`

async function received(url: string): Promise<ReceivedWebhook[]> {
  const path = encodeURIComponent(new URL(url).pathname)
  return (await fetch(`https://client.example.com/?path=${path}`)).json()
}

async function deliveriesOf(taskId: string): Promise<DeliveryJson[]> {
  const response = await call(`/v1/tasks/${taskId}/deliveries`, { token: key })
  return (await response.json<DeliveryListJson>()).data
}

/** Makes the next try due and lets the cron find it. */
async function tryAgain(taskId: string): Promise<void> {
  const triesBefore = (await deliveriesOf(taskId))[0]?.tries ?? 0
  const statement =
    'update deliveries set next_try_at = 1 where task_id = ? and next_try_at is not null'
  await env.DB.prepare(statement).bind(taskId).run()
  await runCron()
  await settled(taskId, triesBefore + 1)
}

/** Waits until the outcome of a try is known. */
async function settled(taskId: string, tries: number): Promise<DeliveryJson | undefined> {
  await expect
    .poll(async () => (await deliveriesOf(taskId))[0])
    .toSatisfy((delivery: DeliveryJson) => delivery.tries >= tries && isOutcomeKnown(delivery))
  return (await deliveriesOf(taskId))[0]
}

const isOutcomeKnown = ({ status, error }: DeliveryJson) => status !== 'pending' || error !== null

const request = (callback_url: string) =>
  ({ prompt: 'A letterbox', provider: 'gptimage2.ai', callback_url }) as const

describe('a webhook', () => {
  it('tells of the finished task at once', async () => {
    const url = endpoint('ok')
    const task = await runTask(key, request(url))
    const delivery = await settled(task.id, 1)
    expect(delivery).toMatchObject({
      event: 'task.succeeded',
      status: 'delivered',
      tries: 1,
      response_status: 200,
      error: null,
      next_try_at: null,
    })
    const [message, ...others] = await received(url)
    expect(others).toEqual([])
    expect(message?.headers).toMatchObject({
      'webhook-id': delivery?.id,
      'user-agent': 'imagegate',
    })
    expect(JSON.parse(message?.body ?? '')).toMatchObject({
      type: 'task.succeeded',
      timestamp: expect.stringMatching(/^\d{4}-.+Z$/),
      data: { id: task.id, object: 'task', status: 'succeeded', outputs: [{ index: 0 }] },
    })
  })

  it('tells of a failed task too', async () => {
    const url = endpoint('ok')
    const task = await runTask(key, { ...request(url), prompt: 'A dud [[finish=fail]]' })
    await settled(task.id, 1)
    const [message] = await received(url)
    expect(JSON.parse(message?.body ?? '')).toMatchObject({
      type: 'task.failed',
      data: { status: 'failed', error: { code: 'provider_failed' } },
    })
  })

  it('is tried again under the same id, signed anew', async () => {
    const url = endpoint('recovers')
    const { id } = await runTask(key, request(url))
    const first = await settled(id, 1)
    expect(first).toMatchObject({ status: 'pending', response_status: 502, error: 'HTTP 502' })
    await tryAgain(id)
    await tryAgain(id)
    expect((await deliveriesOf(id))[0]).toMatchObject({ status: 'delivered', tries: 3 })
    const messages = await received(url)
    expect(new Set(messages.map(({ headers }) => headers['webhook-id']))).toEqual(
      new Set([first?.id]),
    )
    expect(messages).toHaveLength(3)
  })

  it.each([
    ['redirects', 302, 'pending'],
    ['fails', 500, 'pending'],
    ['gone', 410, 'exhausted'],
  ])('at an endpoint that %s has failed', async (behaviour, status, outcome) => {
    const url = endpoint(behaviour)
    const { id } = await runTask(key, request(url))
    const delivery = await settled(id, 1)
    expect(delivery).toMatchObject({ status: outcome, response_status: status, tries: 1 })
    expect(await received(url)).toHaveLength(1)
    expect(await received('https://client.example.com/ok/elsewhere')).toEqual([])
  })

  it('waits as long as the endpoint asks', async () => {
    const { id } = await runTask(key, request(endpoint('busy')))
    const delivery = await settled(id, 1)
    const waitMs = Date.parse(delivery?.next_try_at ?? '') - Date.now()
    expect(waitMs).toBeGreaterThan(7_100_000)
  })

  it('is given up after its last try, and sent again by hand under the same id', async () => {
    const url = endpoint('fails')
    const { id } = await runTask(key, request(url))
    await settled(id, 1)
    await env.DB.prepare('update deliveries set tries = 9 where task_id = ?').bind(id).run()
    await tryAgain(id)
    const [exhausted] = await deliveriesOf(id)
    expect(exhausted).toMatchObject({ status: 'exhausted', tries: 10, next_try_at: null })

    const path = `/v1/tasks/${id}/deliveries/${exhausted?.id}/redeliver`
    const answer = await call(path, { method: 'POST', token: key })
    expect(answer.status).toBe(202)
    expect(await answer.json()).toMatchObject({ id: exhausted?.id, status: 'pending', tries: 0 })
    await expect.poll(async () => (await received(url)).length).toBe(3)
    const ids = (await received(url)).map(({ headers }) => headers['webhook-id'])
    expect(new Set(ids)).toEqual(new Set([exhausted?.id]))
    await settled(id, 1)
  })

  it('is sent again when the run that claimed it died', async () => {
    const url = endpoint('ok')
    const { id } = await runTask(key, request(url))
    await settled(id, 1)
    const database = testPorts().database
    await env.DB.prepare(
      'update deliveries set next_try_at = 1, delivered_at = null, tries = 0 where task_id = ?',
    )
      .bind(id)
      .run()
    const now = Date.now()
    const claim = () => claimDeliveries(database, { id, keyId }, now, now + 60_000)
    expect(await claim()).toMatchObject({
      deliveries: [{ taskId: id }],
      secrets: [expect.any(String)],
    })
    expect(await claim()).toMatchObject({ deliveries: [] })
    await tryAgain(id)
    expect((await deliveriesOf(id))[0]).toMatchObject({ status: 'delivered', tries: 1 })
  })

  it('forgets the outcome of a try that a redelivery has overtaken', async () => {
    const { id } = await runTask(key, request(endpoint('ok')))
    await settled(id, 1)
    const { database } = testPorts()
    await env.DB.prepare('update deliveries set next_try_at = 1 where task_id = ?').bind(id).run()
    const until = Date.now() + 60_000
    const { deliveries } = await claimDeliveries(database, { id, keyId }, Date.now(), until)
    const [claimed] = deliveries
    if (!claimed) throw new Error('nothing was claimed')
    const later = Date.now() + 60_000
    await restartDelivery(database, id, claimed.id, later)
    const failed = { nextTryAt: null, deliveredAt: null, responseStatus: 500, fault: 'HTTP 500' }
    await recordTry(database, claimed, failed)
    expect((await deliveriesOf(id))[0]).toMatchObject({ status: 'pending', tries: 0, error: null })
  })

  it('is signed with every secret whose rotation lasts', async () => {
    const path = `/v1/keys/${keyId}/rotate_webhook_secret`
    for (const grace_seconds of [3600, 60]) {
      expect((await post(path, ADMIN_TOKEN, { grace_seconds })).status).toBe(200)
    }
    const all = endpoint('ok')
    const first = await runTask(key, request(all))
    await settled(first.id, 1)
    const signatures = (await received(all))[0]?.headers['webhook-signature']
    expect(signatures).toMatch(/^v1,\S+ v1,\S+ v1,\S+$/)

    await post(path, ADMIN_TOKEN, { grace_seconds: 0 })
    const one = endpoint('ok')
    const second = await runTask(key, request(one))
    await settled(second.id, 1)
    expect((await received(one))[0]?.headers['webhook-signature']).toMatch(/^v1,\S+$/)
  })
})

it('keeps nobody waiting behind an endpoint that hangs', async () => {
  const hanging = await runTask(key, request(endpoint('hangs')))
  await expect.poll(async () => (await deliveriesOf(hanging.id))[0]?.tries).toBe(1)
  const startedAt = Date.now()
  const quick = await runTask(key, request(endpoint('ok')))
  expect(await settled(quick.id, 1)).toMatchObject({ status: 'delivered' })
  expect(Date.now() - startedAt).toBeLessThan(10_000)
  const delivery = await settled(hanging.id, 1)
  expect(delivery).toMatchObject({
    status: 'pending',
    response_status: null,
    error: 'no answer within 15 s',
  })
}, 40_000)

describe('a test send', () => {
  const test = (callback_url: string) => post('/v1/webhooks/test', key, { callback_url })

  it('says whether the endpoint took it', async () => {
    const url = endpoint('ok')
    const response = await test(url)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      delivered: true,
      response_status: 200,
      milliseconds: expect.any(Number),
      error: null,
    })
    const [message] = await received(url)
    expect(JSON.parse(message?.body ?? '')).toMatchObject({ type: 'webhook.test' })
    expect(message?.headers['webhook-signature']).toMatch(/^v1,/)
  })

  it('says what went wrong', async () => {
    const response = await test(endpoint('fails'))
    expect(await response.json()).toMatchObject({
      delivered: false,
      response_status: 500,
      error: 'HTTP 500',
    })
  })

  it.each([
    ['http://client.example.com/ok', 'must be an https URL'],
    ['https://10.0.0.1/ok', 'private address'],
  ])('does not go to %s', async (url, reason) => {
    const response = await test(url)
    expect(response.status).toBe(400)
    const { error } = await response.json<ErrorJson>()
    expect(error.param).toBe('callback_url')
    expect(error.message).toContain(reason)
  })
})

it('shows deliveries to nobody else but the operator, who may send one again', async () => {
  const { id } = await runTask(key, request(endpoint('ok')))
  const delivery = await settled(id, 1)
  const other = await post('/v1/keys', ADMIN_TOKEN, { name: 'other' })
  const { key: otherKey } = await other.json<NewKeyJson>()
  expect((await call(`/v1/tasks/${id}/deliveries`, { token: otherKey })).status).toBe(404)
  const path = `/v1/tasks/${id}/deliveries/${delivery?.id}/redeliver`
  expect((await call(path, { method: 'POST', token: otherKey })).status).toBe(404)
  expect((await call(`/v1/tasks/${id}/deliveries`, { token: ADMIN_TOKEN })).status).toBe(200)
  expect((await call(path, { method: 'POST', token: ADMIN_TOKEN })).status).toBe(202)
  const unknown = `/v1/tasks/${id}/deliveries/msg_unknown/redeliver`
  expect((await call(unknown, { method: 'POST', token: key })).status).toBe(404)
})

it('is not sent to an address that the guard no longer lets through', async () => {
  const asked: unknown[] = []
  const ports = testPorts({
    fetch: async (input) => {
      asked.push(input)
      return new Response()
    },
  })
  const message = { type: 'task.failed', timestamp: new Date().toISOString(), data: {} }
  const signature = { id: 'msg_1', secrets: ['whsec_eA=='] }
  const answer = await sendWebhook(ports, 'https://10.0.0.1/', message, signature)
  expect(answer).toMatchObject({ status: null, fault: expect.stringContaining('private address') })
  expect(asked).toEqual([])
})
