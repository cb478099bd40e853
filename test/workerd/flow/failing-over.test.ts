/** What is a refusal, and where a task goes after one. */
import { beforeAll, expect, it } from 'vitest'
import { makeKey, runTask, submissions, uniquePrompt } from '../world/gateway'

let key: string
beforeAll(async () => {
  key = await makeKey()
})

it.each(['400', '401', '402', '403'])('goes on after a refusal with %s', async (status) => {
  const prompt = uniquePrompt(`A relay [[gptimage2.ai submit=${status}]]`)
  const task = await runTask(key, { prompt, providers: ['gptimage2.ai', 'nanobananaapi.dev'] })
  expect(task).toMatchObject({ status: 'succeeded', provider: 'nanobananaapi.dev' })
  expect(task.attempts).toMatchObject([
    { provider: 'gptimage2.ai', status: 'rejected', charged: 'no' },
    { provider: 'nanobananaapi.dev', status: 'succeeded', charged: 'yes' },
  ])
  expect(task.cost.credits).toBe(14)
})

it("takes aivideoapi.ai's refunded 503 as a refusal", async () => {
  const body = { prompt: 'A relay [[submit=503]]', provider: 'aivideoapi.ai' }
  const task = await runTask(key, body)
  expect(task).toMatchObject({ error: { code: 'provider_rejected' }, cost: { charged: 'no' } })
})

it('takes a 403 that is not in the documented shape as unknown', async () => {
  const task = await runTask(key, { prompt: 'A wall [[submit=html]]', provider: 'gptimage2.ai' })
  expect(task.error?.code).toBe('submit_outcome_unknown')
})

it('waits out a short rate limit', async () => {
  const prompt = uniquePrompt('A queue [[submit=429 retryAfter=1 times=1]]')
  const task = await runTask(key, { prompt, provider: 'gptimage2.ai' })
  expect(task.status).toBe('succeeded')
  expect(task.attempts.map(({ status }) => status)).toEqual(['rejected', 'succeeded'])
})

it('does not shop refused content around', async () => {
  const prompt = uniquePrompt('A crime [[submit=moderated]]')
  const task = await runTask(key, { prompt })
  expect(task).toMatchObject({
    status: 'failed',
    error: { code: 'content_refused', type: 'invalid_request_error' },
  })
  expect(await submissions(prompt)).toHaveLength(1)
})
