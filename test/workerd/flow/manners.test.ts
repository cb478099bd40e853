/** Odd but complete answers, from submission to stored bytes: paid once, and no picture lost. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { PROVIDER_IDS, type ProviderId } from '../../../src/core/request'
import { sha256Hex } from '../../../src/core/signature'
import { loadTask } from '../../../src/db/tasks'
import { forget } from '../../../src/flow/forget'
import { removeOldAnswers } from '../../../src/flow/retention'
import { run } from '../../../src/flow/run'
import { Session } from '../../../src/flow/session'
import { settle } from '../../../src/flow/settle'
import { answerKey } from '../../../src/outputs/answer'
import { PROVIDERS } from '../../../src/providers'
import {
  backdate,
  makeKey,
  makeQueued,
  paidJobs,
  runTask,
  sessionOf,
  submissions,
  testPorts,
  uniquePrompt,
} from '../world/gateway'
import { attemptsOf } from '../world/rows'

let key: string
beforeAll(async () => {
  key = await makeKey()
})

const LARGE_BYTES = 4_500_000
const isKept = async (attemptId = '') => (await env.OUTPUTS.head(answerKey(attemptId))) !== null

/** The picture as its provider serves it at an address of its own. */
async function servedBy(provider: ProviderId, jobId = ''): Promise<string> {
  const { origin } = new URL(PROVIDERS[provider].defaultBaseUrl)
  const headers = { 'user-agent': 'test' }
  const response = await fetch(`${origin}/files/${jobId}/0.png`, { headers })
  expect(response.status).toBe(200)
  return sha256Hex(new Uint8Array(await response.arrayBuffer()))
}

async function expectStored(provider: ProviderId, words: string) {
  const prompt = uniquePrompt(`A postcard [[${words}]]`)
  const task = await runTask(key, { prompt, provider })
  expect(task).toMatchObject({ status: 'succeeded', error: null, cost: { charged: 'yes' } })
  const [job, ...others] = await paidJobs(prompt)
  expect(others).toEqual([])
  expect(await submissions(prompt)).toHaveLength(1)
  const [output] = task.outputs
  expect(output?.sha256).toBe(await servedBy(provider, job?.id))
  expect(await isKept(task.attempts[0]?.id)).toBe(false)
  return output
}

describe.each(PROVIDER_IDS)('%s', (provider) => {
  it.each(['data-url', 'b64_json'])(
    'sends a large picture inside its answer as %s',
    async (how) => {
      const output = await expectStored(provider, `inline=${how} bytes=${LARGE_BYTES}`)
      expect(output?.bytes).toBeGreaterThanOrEqual(LARGE_BYTES)
    },
  )

  it.each([
    'inline=data-url',
    'inline=b64_json pictures=data.*.url',
    'pictures=data.urls.* words=capitals task=wrapped ids=numeric',
    'pictures=url prefix=bom type=text/plain encoding=gzip length=none',
    'submission=wrapped pictures=data.images.*.url submitHttp=201',
    'caller=named address=path framing=events',
    'address=http picture=redirect-http quoted=whole',
    'submission=listed task=listed quoted=inside',
    'framing=events inline=b64_json length=none',
  ])('answers with %s', async (words) => {
    await expectStored(provider, words)
  })

  it.each(['body-402', 'error-402'])(
    'refuses as %s, and the next one is asked',
    async (refusal) => {
      const second = provider === 'gptimage2api.org' ? 'gptimage2.ai' : 'gptimage2api.org'
      const prompt = uniquePrompt(`A debt [[${provider} submit=${refusal}]]`)
      const task = await runTask(key, { prompt, providers: [provider, second] })
      expect(task).toMatchObject({
        status: 'succeeded',
        provider: second,
        attempts: [{ provider, status: 'rejected', charged: 'no' }, { status: 'succeeded' }],
      })
      expect(await paidJobs(prompt)).toHaveLength(1)
    },
  )
})

describe('an answer with a picture in it', () => {
  const wishes = { provider: 'nanobananaapi.dev' } as const
  const asleep = { wake: async () => undefined }

  /** A task whose run died when the paid answer was in the bucket and known nowhere else. */
  async function diedAfterKeeping(prompt: string) {
    const ports = testPorts(asleep)
    const id = await makeQueued(prompt, wishes)
    const never = { put: () => new Promise<never>(() => undefined), list: async () => [] }
    void run(new Session(ports, id, never, { tell: () => undefined }))
    const attempt = async () => (await attemptsOf(id))[0]
    await expect.poll(async () => isKept((await attempt())?.id)).toBe(true)
    expect(await attempt()).toMatchObject({ status: 'submitting' })
    return { ports, id, attemptId: (await attempt())?.id ?? '' }
  }

  it('is found by the run that comes after one that died, and asked for from nobody', async () => {
    const prompt = uniquePrompt('A letter in a bottle [[inline=b64_json]]')
    const { ports, id, attemptId } = await diedAfterKeeping(prompt)
    expect(await run(sessionOf(ports, id))).toBeNull()
    expect(await loadTask(ports.database, id)).toMatchObject({
      status: 'succeeded',
      attempts: [{ charged: 'yes', price: { credits: 14 } }],
    })
    expect(await submissions(prompt)).toHaveLength(1)
    expect(await isKept(attemptId)).toBe(false)
  })

  it('is what the outcome goes by, if all that went wrong came after it', async () => {
    const prompt = uniquePrompt('A late regret [[inline=b64_json bytes=2000000]]')
    let broken = true
    const bucket = new Proxy(env.OUTPUTS, {
      get(target, name) {
        if (name === 'get' && broken) {
          return async (objectKey: string) => {
            if (!objectKey.startsWith('answers/')) return target.get(objectKey)
            broken = false
            throw new Error('The bucket is not there just now.')
          }
        }
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const ports = testPorts({ ...asleep, bucket })
    const id = await makeQueued(prompt, wishes)
    expect(await run(sessionOf(ports, id))).toBeNull()
    expect(broken).toBe(false)
    expect(await loadTask(ports.database, id)).toMatchObject({ status: 'succeeded' })
    expect(await submissions(prompt)).toHaveLength(1)
  })

  it('goes with its task when that is deleted', async () => {
    const { ports, id, attemptId } = await diedAfterKeeping('A diary [[inline=b64_json]]')
    await backdate(id, 'deadline_at')
    const ended = await settle(ports, id, { type: 'expired' })
    if (!ended) throw new Error('The task did not end.')
    await forget(ports, ended)
    expect(await isKept(attemptId)).toBe(false)
  })

  it('goes when it is too old', async () => {
    const { ports, id, attemptId } = await diedAfterKeeping('A fossil [[inline=data-url]]')
    const DAY_MS = 24 * 60 * 60_000
    await removeOldAnswers(ports)
    expect(await isKept(attemptId)).toBe(true)
    await removeOldAnswers({ ...ports, now: () => Date.now() + DAY_MS + 1 })
    expect(await isKept(attemptId)).toBe(false)
    // No runner comes any more that would end it.
    const failure = { code: 'interrupted', message: 'its run died' }
    const lost = { type: 'lost', attemptId, failure, cause: 'gateway', claim: null } as const
    await settle(ports, id, lost)
  })
})
