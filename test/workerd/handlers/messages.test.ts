/** What a client reads when a request is wrong: plain words that name the field. */
import { expect, it } from 'vitest'
import type { ErrorJson } from '../../../src/wire/error'
import { call, makeKey, post } from '../world/gateway'

const key = await makeKey()

const names = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`name ${index}`, 'x']))

it.each([
  [{}, 'prompt is required without image_urls.'],
  [{ prompt: 1 }, 'prompt must be text.'],
  [{ prompt: ' ' }, 'prompt must not be empty.'],
  [{ prompt: 'x', n: 11 }, 'n must be a whole number from 1 to 10.'],
  [{ prompt: 'x', n: 1.5 }, 'n must be a whole number from 1 to 10.'],
  [{ prompt: 'x', n: 'two' }, 'n must be a whole number from 1 to 10.'],
  [{ prompt: 'x', resolution: '3k' }, 'resolution must be 1k, 2k or 4k.'],
  [{ prompt: 'x', size: '1x1', resolution: '1k' }, "size can't be combined with resolution."],
  [{ prompt: 'x', size: 'big' }, 'size must look like "1536x1024" or be "auto".'],
  [{ prompt: 'x', max_usd: 0 }, 'max_usd must be more than 0.'],
  [{ prompt: 'x', failover_on_refusal: 'no' }, 'failover_on_refusal must be true or false.'],
  [{ prompt: 'x', image_urls: 'x' }, 'image_urls must be a list.'],
  [{ prompt: 'x', image_urls: [] }, 'image_urls must not be empty.'],
  [{ image_urls: ['http://example.com/'] }, 'image_urls[0] must be an https URL.'],
  [{ prompt: 'x', metadata: [] }, 'metadata must be an object.'],
  [{ prompt: 'x', metadata: { a: 1 } }, 'metadata.a must be text.'],
  [{ prompt: 'x', metadata: names(51) }, 'metadata must have at most 50 names.'],
  [{ prompt: 'x', metadata: names(20_000) }, 'metadata must have at most 50 names.'],
  [
    { prompt: 'x', metadata: { ['a'.repeat(65)]: '' } },
    'metadata must have names of at most 64 characters.',
  ],
  [
    { prompt: 'x', metadata: { a: 'x'.repeat(513) } },
    'metadata.a must have at most 512 characters.',
  ],
  [
    { prompt: 'x', fallback_models: Array(21).fill('nano-banana-2') },
    'fallback_models must have at most 20 models.',
  ],
  [{ prompt: 'x'.repeat(32_001) }, 'prompt must have at most 32000 characters.'],
  [
    { prompt: 'x', provider_options: { 'gptimage2.ai': { style: 'x'.repeat(64 * 1024) } } },
    'provider_options must have at most 64 KiB as JSON.',
  ],
  [
    { prompt: 'x', provider_options: { 'gptimage2.ai': { style: '語'.repeat(22_000) } } },
    'provider_options must have at most 64 KiB as JSON.',
  ],
  [
    { prompt: 'x', provider_options: { nobody: {} } },
    'There is no field "nobody" in provider_options.',
  ],
  [{ prompt: 'x', colour: 'red' }, 'There is no field "colour".'],
])('%.60j', async (body, message) => {
  const response = await post('/v1/tasks', key, body)
  expect(response.status).toBe(400)
  expect((await response.json<ErrorJson>()).error.message).toBe(message)
})

it.each([
  ['/v1/tasks?limit=0', 'limit must be a whole number from 1 to 100.'],
  ['/v1/tasks?status=done', 'status must be queued, processing, succeeded, failed or canceled.'],
  ['/v1/tasks?status=failed&status=queued', 'status may stand in the query once.'],
  ['/v1/tasks?cursor=2', 'cursor must be the next_cursor of a page.'],
  ['/v1/usage?from=yesterday', 'from must be a date such as 2026-11-21.'],
  ['/v1/tasks?before=1', 'There is no field "before".'],
])('%s', async (path, message) => {
  const response = await call(path, { token: key })
  expect(response.status).toBe(400)
  expect((await response.json<ErrorJson>()).error.message).toBe(message)
})

it('says which methods a path takes', async () => {
  const response = await call('/v1/tasks', { method: 'PUT', token: key })
  expect((await response.json<ErrorJson>()).error.message).toBe(
    'This path takes GET, HEAD or POST, not PUT.',
  )
})

it('takes what is just as large as it may be', async () => {
  const metadata = Object.fromEntries(
    Array.from({ length: 50 }, (_, index) => [String(index).padEnd(64, 'é'), 'é'.repeat(512)]),
  )
  const options = {
    'gptimage2.ai': { style: 'x'.repeat(64 * 1024 - '{"gptimage2.ai":{"style":""}}'.length) },
  }
  const body = { prompt: 'é'.repeat(32_000), metadata, provider_options: options }
  expect((await post('/v1/quotes', key, body)).status).toBe(200)
})
