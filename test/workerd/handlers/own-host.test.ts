/** Nobody makes the gateway call itself: not a client's address, not a provider's redirect. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { ErrorJson } from '../../../src/wire/error'
import { makeKey, ORIGIN, post, runTask, strangers } from '../world/gateway'

let key: string
beforeAll(async () => {
  key = await makeKey()
})

const UPLOAD = `${ORIGIN}/v1/uploads/upl_1`

describe.each(['/v1/tasks', '/v1/quotes'])('%s', (path) => {
  it.each([
    ['callback_url', { callback_url: `${ORIGIN}/v1/tasks` }],
    ['callback_url', { callback_url: `${ORIGIN}:8443/` }],
    ['callback_url', { callback_url: UPLOAD }],
    ['image_urls', { image_urls: [`${ORIGIN}/v1/tasks/task_1/outputs/0`] }],
    ['image_urls', { image_urls: ['https://a.example.com/x.png', `${UPLOAD}/../../keys`] }],
  ])('refuses the own host in %s: %j', async (param, fields) => {
    const response = await post(path, key, { prompt: 'A mirror', ...fields })
    const { error }: ErrorJson = await response.json()
    expect([response.status, error.code, error.param]).toEqual([400, 'invalid_request', param])
    expect(error.message).toContain('must not point to the gateway itself')
  })
})

it('does not follow a redirect to itself for a picture', async () => {
  const prompt = `A mirror [[picture=${ORIGIN}/healthz times=1]]`
  const task = await runTask(key, { prompt, provider: 'nanobananaapi.dev' })
  expect(task.status).toBe('succeeded')
  expect((await strangers()).filter((url) => url.startsWith(ORIGIN))).toEqual([])
})
