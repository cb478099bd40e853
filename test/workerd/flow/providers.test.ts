/** Each provider from submission to stored bytes. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { PROVIDER_IDS } from '../../../src/core/request'
import { sha256Hex } from '../../../src/core/signature'
import { PROVIDERS } from '../../../src/providers'
import {
  call,
  makeKey,
  makeTask,
  paidJobs,
  runTask,
  submissions,
  untilOver,
} from '../world/gateway'

const REFERENCE = 'https://cdn.example.com/reference.png'

let key: string
beforeAll(async () => {
  key = await makeKey()
})

describe.each(PROVIDER_IDS)('%s', (provider) => {
  it('turns a prompt into a stored picture', async () => {
    const prompt = `A fox, ${crypto.randomUUID()}`
    const task = await runTask(key, { prompt, provider, aspect_ratio: '16:9' })

    expect(task).toMatchObject({
      status: 'succeeded',
      provider,
      model: 'gpt-image-2',
      error: null,
    })
    const jobs = await paidJobs(prompt)
    expect(jobs).toHaveLength(1)
    expect(task.cost).toMatchObject({ credits: jobs[0]?.credits, charged: 'yes' })
    expect(task.attempts).toHaveLength(1)
    expect(task.attempts[0]).toMatchObject({ provider, status: 'succeeded', charged: 'yes' })
    const [output] = task.outputs
    expect(output).toMatchObject({ index: 0, content_type: 'image/png' })
    expect((output?.width ?? 0) / (output?.height ?? 1)).toBeCloseTo(16 / 9, 1)

    const picture = await call(output?.url ?? '')
    const bytes = new Uint8Array(await picture.arrayBuffer())
    expect(bytes.byteLength).toBe(output?.bytes)
    expect(await sha256Hex(bytes)).toBe(output?.sha256)
  })

  it('edits a reference image', async () => {
    const prompt = `Make it night, ${crypto.randomUUID()}`
    const task = await runTask(key, { prompt, provider, image_urls: [REFERENCE] })

    expect(task.status).toBe('succeeded')
    const [submission] = await submissions(prompt)
    expect(JSON.stringify(submission?.body)).toContain(REFERENCE)
  })

  it('reports a job that the provider failed and refunded', async () => {
    const prompt = `A fox [[finish=fail]] ${crypto.randomUUID()}`
    const task = await runTask(key, { prompt, provider })

    const isSynchronous = PROVIDERS[provider].finishesBy === 'response'
    const code = isSynchronous ? 'submit_outcome_unknown' : 'provider_failed'
    const charged = isSynchronous ? 'unknown' : 'no'
    expect(task).toMatchObject({
      status: 'failed',
      outputs: [],
      error: { code },
      cost: { charged },
    })
    expect(await paidJobs(prompt)).toHaveLength(1)
  })
})

it('waits 35 s for a synchronous answer while other tasks get done', async () => {
  const slow = await makeTask(key, {
    prompt: 'A glacier [[delay=35]]',
    provider: 'nanobananaapi.dev',
  })
  const quick = await Promise.all(
    PROVIDER_IDS.map((provider) => runTask(key, { prompt: 'A mayfly', provider })),
  )
  expect(quick.map((task) => task.status)).toEqual(PROVIDER_IDS.map(() => 'succeeded'))
  const during = await call(`/v1/tasks/${slow.id}`, { token: key })
  expect(await during.json()).toMatchObject({ status: 'processing' })

  expect(await untilOver(key, slow.id)).toMatchObject({ status: 'succeeded' })
}, 90_000)

it('keeps no runner storage once a task is over', async () => {
  const task = await runTask(key, { prompt: 'A snowflake', provider: 'gptimage2.ai' })
  const { runInDurableObject } = await import('cloudflare:test')
  const runner = env.RUNNER.getByName(task.id)
  await expect
    .poll(() => runInDurableObject(runner, async (_, state) => (await state.storage.list()).size))
    .toBe(0)
})
