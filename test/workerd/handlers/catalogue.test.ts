/** Quotes, providers and models: what would happen, what can, and how it has been going. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { PROVIDER_IDS } from '../../../src/core/request'
import type { ModelListJson, ProviderListJson, QuoteListJson } from '../../../src/wire/catalogue'
import { ADMIN_TOKEN, call, makeKey, post, runTask, submissions } from '../world/gateway'

const FOUR = ['aivideoapi.ai', 'gptimage2api.org', 'gptimage2.ai', 'nanobananaapi.dev']

let key: string
beforeAll(async () => {
  key = await makeKey()
})

async function quoteFor(body: object): Promise<QuoteListJson['providers']> {
  const response = await post('/v1/quotes', key, body)
  expect(response.status).toBe(200)
  return (await response.json<QuoteListJson>()).providers
}

async function providerList(token = key) {
  const response = await call('/v1/providers', { token })
  const { data } = await response.json<ProviderListJson>()
  return new Map(data.map((provider) => [provider.id, provider]))
}

describe('quotes', () => {
  it('show each provider in order, with price or reason, and submit nothing', async () => {
    const prompt = `A ruler ${crypto.randomUUID()}`
    expect(
      await quoteFor({ prompt, providers: FOUR, resolution: '2k', aspect_ratio: '1:1', n: 2 }),
    ).toEqual([
      {
        provider: 'aivideoapi.ai',
        model: 'gpt-image-2',
        eligible: true,
        reason: null,
        credits: 18.8,
        usd: 0.094,
      },
      {
        provider: 'gptimage2api.org',
        model: 'gpt-image-2',
        eligible: true,
        reason: null,
        credits: 3,
        usd: null,
      },
      {
        provider: 'gptimage2.ai',
        model: 'gpt-image-2',
        eligible: false,
        reason: 'has no resolution setting for gpt-image-2',
        credits: null,
        usd: null,
      },
      {
        provider: 'nanobananaapi.dev',
        model: 'gpt-image-2',
        eligible: true,
        reason: null,
        credits: 134,
        usd: null,
      },
    ])
    expect(await submissions(prompt)).toEqual([])
  })

  it('take the body of a task, bad ones included', async () => {
    const response = await post('/v1/quotes', key, { prompt: 'x', colour: 'red' })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { param: 'colour' } })
  })

  it('know of max_usd', async () => {
    const lines = await quoteFor({ prompt: 'x', max_usd: 0.05 })
    expect(lines.filter((line) => line.eligible).map((line) => line.provider)).toEqual([
      'aivideoapi.ai',
    ])
  })
})

describe('providers', () => {
  it('tell what they can do and cost', async () => {
    expect((await providerList()).get('aivideoapi.ai')).toEqual({
      id: 'aivideoapi.ai',
      enabled: true,
      finishes_by: 'callback',
      images_per_call: 1,
      credit_usd: 0.005,
      models: [
        {
          id: 'gpt-image-2',
          fields: ['aspect_ratio', 'resolution', 'size'],
          prompt_length_max: 20_000,
          image_urls_max: 16,
          aspect_ratios: expect.arrayContaining(['1:1', '9:21']),
          priced_per: 'image',
          prices: expect.arrayContaining([{ resolution: '4k', quality: null, credits: 14.1 }]),
        },
      ],
      success_rate: null,
      median_seconds: null,
      p95_seconds: null,
      size_mismatch_rate: null,
      breaker: { state: 'closed', open_until: null },
    })
  })

  it('tell their balance to the operator only', async () => {
    expect((await providerList(ADMIN_TOKEN)).get('aivideoapi.ai')).toMatchObject({
      balance: expect.any(Number),
    })
    expect((await providerList(ADMIN_TOKEN)).get('gptimage2.ai')).toMatchObject({ balance: null })
    expect((await providerList()).get('aivideoapi.ai')).not.toHaveProperty('balance')
  })

  it('tell how they have been doing', async () => {
    await runTask(key, { prompt: 'A clock', provider: 'nanobananaapi.dev' })
    const provider = (await providerList()).get('nanobananaapi.dev')
    expect(provider).toMatchObject({
      success_rate: 1,
      median_seconds: expect.any(Number),
      p95_seconds: expect.any(Number),
      size_mismatch_rate: 0,
    })
    await env.DB.exec('update outputs set size_mismatch = 1')
    expect((await providerList()).get('nanobananaapi.dev')?.size_mismatch_rate).toBe(1)
    const first = async () => (await quoteFor({ prompt: 'x', route: 'fastest' }))[0]?.provider
    await expect.poll(first).toBe('nanobananaapi.dev')
  })
})

it('lists the models with who makes them', async () => {
  const response = await call('/v1/models', { token: key })
  const { data } = await response.json<ModelListJson>()
  expect(data).toContainEqual({
    id: 'nano-banana-2',
    object: 'model',
    aliases: [],
    providers: ['gptimage2api.org'],
  })
  expect(data).toHaveLength(6)
})

describe('the breaker', () => {
  // For a second, requests share what they read of the ledger.
  const second = async () => (await quoteFor({ prompt: 'x' }))[1]?.provider
  const last = async () => (await quoteFor({ prompt: 'x' })).at(-1)?.provider
  const fail = (prompt: string) =>
    runTask(key, {
      prompt: `${prompt} [[gptimage2api.org submit=401]]`,
      providers: ['gptimage2api.org', 'nanobananaapi.dev'],
    })

  it('sets a provider aside after five failures and tries it again after a minute', async () => {
    for (const prompt of ['1', '2', '3', '4']) await fail(prompt)
    const refused = 'A sin [[submit=moderated]]'
    await runTask(key, { prompt: refused, provider: 'gptimage2api.org' })
    await expect.poll(second).toBe('gptimage2api.org')

    const task = await fail('5')
    expect(task.attempts.map(({ provider }) => provider)).toEqual([
      'gptimage2api.org',
      'nanobananaapi.dev',
    ])
    const order = async () => (await quoteFor({ prompt: 'x' })).map((line) => line.provider)
    await expect
      .poll(order)
      .toEqual([...PROVIDER_IDS.filter((id) => id !== 'gptimage2api.org'), 'gptimage2api.org'])
    expect((await providerList()).get('gptimage2api.org')).toMatchObject({
      success_rate: 0,
      breaker: { state: 'open', open_until: expect.stringMatching(/Z$/) },
    })

    const named = await runTask(key, { prompt: 'A regular', provider: 'gptimage2api.org' })
    expect(named.status).toBe('succeeded')
    await expect.poll(second).toBe('gptimage2api.org')
  })

  it('lets a minute pass before the next try', async () => {
    for (const prompt of ['6', '7', '8', '9', '10']) await fail(prompt)
    await expect.poll(last).toBe('gptimage2api.org')
    await env.DB.prepare(
      `update attempts set ended_at = ended_at - 60000 where provider = 'gptimage2api.org'`,
    ).run()
    await expect.poll(second).toBe('gptimage2api.org')
  })
})

describe('a task', () => {
  it('says for each provider why it failed', async () => {
    const prompt =
      'A wreck [[aivideoapi.ai submit=402]] [[gptimage2api.org finish=fail]] [[gptimage2.ai submit=400]] [[nanobananaapi.dev submit=403]]'
    const task = await runTask(key, { prompt, providers: FOUR })
    expect(task).toMatchObject({
      status: 'failed',
      error: { code: 'all_providers_failed' },
      cost: { charged: 'no', credits: 0 },
    })
    expect(task.attempts).toMatchObject([
      {
        provider: 'aivideoapi.ai',
        status: 'rejected',
        charged: 'no',
        error: { code: 'insufficient_credits' },
      },
      {
        provider: 'gptimage2api.org',
        status: 'failed',
        charged: 'no',
        error: { message: 'Generation failed' },
      },
      { provider: 'gptimage2.ai', status: 'rejected', charged: 'no' },
      { provider: 'nanobananaapi.dev', status: 'rejected', charged: 'no' },
    ])
    for (const { provider } of task.attempts) expect(task.error?.message).toContain(provider)
  })

  it('goes on to a fallback model of the same provider', async () => {
    const prompt = 'A ladder [[submit=404 times=1]]'
    const body = { prompt, provider: 'gptimage2api.org', fallback_models: ['nano-banana-2'] }
    const task = await runTask(key, body)
    expect(task).toMatchObject({
      status: 'succeeded',
      model: 'nano-banana-2',
      cost: { credits: 4 },
    })
  })

  it('pays for a failed job that was not refunded, and stops', async () => {
    const prompt = 'A toll [[finish=fail-charged]]'
    const task = await runTask(key, {
      prompt,
      providers: ['gptimage2api.org', 'nanobananaapi.dev'],
    })
    expect(task).toMatchObject({
      error: { code: 'provider_failed' },
      cost: { charged: 'yes', credits: 3 },
    })
    expect(await submissions(prompt)).toHaveLength(1)
  })

  it('keeps the pictures it has and says which are missing', async () => {
    const prompt = 'A set [[answer=500 times=1]]'
    const task = await runTask(key, { prompt, n: 3, provider: 'nanobananaapi.dev' })
    expect(task).toMatchObject({
      status: 'failed',
      error: { code: 'partial_outputs' },
      cost: { credits: 28, charged: 'unknown' },
    })
    expect(task.outputs).toHaveLength(2)
    expect(task.error?.message).toContain('1 of 3 pictures is missing')
  })

  it('takes refused content elsewhere when asked to', async () => {
    const prompt = 'A dare [[gptimage2.ai submit=moderated]]'
    const providers = ['gptimage2.ai', 'nanobananaapi.dev']
    const task = await runTask(key, { prompt, providers, failover_on_refusal: true })
    expect(task).toMatchObject({ status: 'succeeded', provider: 'nanobananaapi.dev' })
  })
})
