/**
 * Hostile input that nobody thought of: generated requests for every endpoint, generated bodies
 * for the request of a task, and generated callbacks that carry a right token.
 */
import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { PROVIDER_IDS } from '../../../src/core/request'
import { callbackUrl } from '../../../src/flow/callback-url'
import type { ErrorJson } from '../../../src/wire/error'
import { answerTo, dumpEverything, ENDPOINTS, fill } from '../world/endpoints'
import { makeExisting } from '../world/existing'
import { ADMIN_TOKEN, makeKey, makeTask, testPorts, until } from '../world/gateway'

/** Printed with the counterexample; change it to look elsewhere. */
const SEED = 20_260_423
const JSON_HEADERS = { 'content-type': 'application/json' }

let key: string
beforeAll(async () => {
  key = await makeKey()
})

const pathPart = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom('..', '%2e', '%2f', '%00', '%', '//', '\\', '?', '#', ':', '*', '__proto__'),
)
const headerValue = fc.stringMatching(/^[!-~]([ -~]{0,60}[!-~])?$/)
const requests = fc.record({
  endpoint: fc.constantFrom(...ENDPOINTS),
  /** Of what there is not, or null for what there is. */
  id: fc.option(pathPart),
  suffix: fc.oneof({ weight: 3, arbitrary: fc.constant('') }, pathPart),
  query: fc.dictionary(
    fc.constantFrom('limit', 'cursor', 'status', 'from', 'to', 'expires', 'signature', '__proto__'),
    fc.string({ unit: 'grapheme', maxLength: 20 }),
  ),
  headers: fc.dictionary(
    fc.constantFrom('idempotency-key', 'range', 'if-none-match', 'if-range', 'accept', 'prefer'),
    headerValue,
  ),
  type: fc.oneof(fc.constant('application/json'), headerValue),
  body: fc.oneof(fc.json(), fc.string(), fc.uint8Array({ maxLength: 200 })),
})

it('answers whatever strangers send to wherever with a documented error', async () => {
  const { stranger, idsFor } = await makeExisting()
  const before = await dumpEverything()
  await fc.assert(
    fc.asyncProperty(requests, async ({ endpoint, id, suffix, query, headers, type, body }) => {
      const { method } = endpoint
      const search = new URLSearchParams(query)
      const ids = id === null ? idsFor(endpoint) : id.replace('/', '')
      const path = `${fill(endpoint, ids)}${suffix}?${search}`
      // The operator is no stranger to a key that there is.
      const isOperators = id === null && /^\/v1\/(keys|attempts)\//.test(endpoint.path)
      for (const token of isOperators ? [stranger] : [stranger, ADMIN_TOKEN]) {
        const content = method === 'GET' ? {} : { body: toBody(body) }
        const sent = { ...headers, 'content-type': type }
        await answerTo(path, { method, token, headers: sent, ...content })
      }
    }),
    { seed: SEED, numRuns: 400 },
  )
  expect(await dumpEverything()).toEqual(before)
})

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom('x', 'auto', '1k', '1:1', '1e3:1', '0x0', '1024x1024', '99999999x16', '16X16'),
  fc.constantFrom('gpt-image-2', 'gptimage2.ai', 'cheapest', 'https://a.example.com/x.png'),
)
const field = fc.oneof(
  text,
  fc.double(),
  fc.constantFrom(0, -0, 1, 10, 30, 2 ** 53, 1e308, true, null),
  fc.array(text, { maxLength: 3 }),
  fc.dictionary(fc.oneof(text, fc.constantFrom(...PROVIDER_IDS)), fc.jsonValue({ maxDepth: 3 })),
)
const FIELDS = [
  ...['model', 'image_urls', 'n', 'aspect_ratio', 'resolution', 'size', 'quality', 'seed'],
  ...['negative_prompt', 'provider', 'providers', 'fallback_models', 'max_usd', 'route'],
  ...['failover_on_refusal', 'resubmit_on_unknown', 'deadline_seconds', 'provider_options'],
  ...['callback_url', 'metadata', '__proto__', 'constructor', 'prompt', ''],
]

it('reads a task from whatever is in its body, or names the field that is wrong', async () => {
  let quoted = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom(...FIELDS), field), { maxLength: 4 }),
      async (fields) => {
        const body = toObject([['prompt', 'x'], ...fields])
        const options = { method: 'POST', token: key, headers: JSON_HEADERS, body }
        const answer = await answerTo('/v1/quotes', options)
        if (answer.status === 200) {
          quoted++
          expect(JSON.parse(answer.text)).toMatchObject({ providers: expect.any(Array) })
          return
        }
        const { error } = JSON.parse(answer.text) as ErrorJson
        expect([answer.status, error.code]).toEqual([400, 'invalid_request'])
        expect(fields.map(([name]) => name)).toContain(error.param)
      },
    ),
    { seed: SEED, numRuns: 600 },
  )
  expect(quoted).toBeGreaterThan(10)
})

it('takes no unreadable callback, although its token is right', async () => {
  const { id } = await makeTask(key, { prompt: 'A lock [[delay=600]]', provider: 'aivideoapi.ai' })
  await until(key, id, ({ attempts }) => attempts[0]?.status === 'running')
  const attempt = await env.DB.prepare('select * from attempts where task_id = ?').bind(id).first()
  const url = await callbackUrl(testPorts().settings, 'aivideoapi.ai', String(attempt?.id))
  const before = await dumpEverything()
  const unreadable = fc.oneof(
    fc.json().filter((json) => !/"id"/.test(json)),
    fc.string(),
    fc.uint8Array({ maxLength: 100 }),
    fc.constantFrom('{"id":""}', '{"id":7.5}', '{"id":null}', '{"id":["x"]}', '[{"id":"x"}]'),
    fc.constantFrom(`{"id":"${'x'.repeat(300)}"}`, '{"id":"a\\u0000b"}', '{"id":"\\ud800"}'),
    fc.constantFrom('{"id":"."}', '{"id":".."}', '{"id":"a\\r\\nb"}', '{"id":" "}'),
  )
  await fc.assert(
    fc.asyncProperty(unreadable, async (body) => {
      const options = { method: 'POST', headers: JSON_HEADERS, body: toBody(body) }
      expect((await answerTo(new URL(url).pathname, options)).status).toBe(400)
    }),
    { seed: SEED, numRuns: 200 },
  )
  expect(await dumpEverything()).toEqual(before)
  const after = await env.DB.prepare('select * from attempts where task_id = ?').bind(id).first()
  expect(after).toEqual(attempt)
})

function toBody(body: string | Uint8Array): string | Uint8Array<ArrayBuffer> {
  return typeof body === 'string' ? body : new Uint8Array(body)
}

/** As JSON text, because an object could not hold two equal names or `__proto__`. */
function toObject(fields: Array<[string, unknown]>): string {
  return `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)}}`
}
