/**
 * Hostile input to every endpoint: always a documented error, never a 500, nothing written.
 *
 * The endpoints come from the router, so this holds for those that are added later.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerTo, dumpEverything, ENDPOINTS, fill, nameOf, reads } from '../world/endpoints'
import { ADMIN_TOKEN, makeKey } from '../world/gateway'
import { BODIES, CONTENT_TYPES, gzip, IDS, QUERIES } from '../world/hostile-input'

let key: string
let before: Record<string, unknown[]>
beforeAll(async () => {
  key = await makeKey()
  before = await dumpEverything()
})

afterAll(async () => {
  expect(await dumpEverything()).toEqual(before)
})

describe.each(ENDPOINTS.map((endpoint) => ({ name: nameOf(endpoint), endpoint })))(
  '$name',
  ({ endpoint }) => {
    const { method } = endpoint
    const missing = fill(endpoint, 'none')

    it.skipIf(reads(endpoint))('takes no hostile body', async () => {
      for (const [what, body] of Object.entries(BODIES)) {
        for (const token of [key, ADMIN_TOKEN]) {
          const headers = { 'content-type': 'application/json' }
          const { status } = await answerTo(missing, { method, token, headers, body })
          expect(status, what).toBeGreaterThanOrEqual(400)
        }
      }
    })

    it.skipIf(reads(endpoint))('takes no hostile content type, encoding or length', async () => {
      const body = '{"a":1}'
      for (const type of CONTENT_TYPES) {
        for (const token of [key, ADMIN_TOKEN]) {
          const headers = { 'content-type': type }
          const { status } = await answerTo(missing, { method, token, headers, body })
          expect(status, type).toBeGreaterThanOrEqual(400)
        }
      }
      const zipped = await gzip('{"a":1}')
      for (const encoding of ['gzip', 'br', 'deflate', 'x'.repeat(10_000)]) {
        const headers = { 'content-type': 'application/json', 'content-encoding': encoding }
        const { status } = await answerTo(missing, { method, token: key, headers, body: zipped })
        expect(status, encoding).toBeGreaterThanOrEqual(400)
      }
    })

    it('has nothing at hostile paths', async () => {
      for (const id of IDS) {
        for (const token of [key, ADMIN_TOKEN]) {
          const { status } = await answerTo(fill(endpoint, id), { method, token })
          if (!reads(endpoint)) expect(status, id).toBeGreaterThanOrEqual(400)
        }
      }
      for (const twist of [missing.toUpperCase(), `/${missing}`, `${missing}//`, `/.${missing}`]) {
        const { status } = await answerTo(twist, { method, token: ADMIN_TOKEN })
        if (!reads(endpoint)) expect(status, twist).toBeGreaterThanOrEqual(400)
      }
    })

    it('outlives hostile queries and headers', async () => {
      for (const query of QUERIES) {
        for (const token of [key, ADMIN_TOKEN]) await answerTo(missing + query, { method, token })
      }
      for (const name of ['idempotency-key', 'prefer', 'range', 'if-none-match', 'last-event-id']) {
        for (const value of ['x'.repeat(100_000), '', 'bytes=99-1', 'wait=x', '*']) {
          await answerTo(missing, { method, token: key, headers: { [name]: value } })
        }
      }
    })

    it.runIf(/^\/(v1|compat)\//.test(endpoint.path))('lets nobody in without a key', async () => {
      const wrong = ['', 'Bearer', 'Basic QTpC', `Basic ${key}`, key, 'Bearer ig_', 'Bearer null']
      const close = [`Bearer ${key}x`, `Bearer ${key.slice(0, -1)}`, `Bearer ${key.toUpperCase()}`]
      const odd = [`Bearer ${key} x`, `Bearer ${key}, Bearer ${key}`, `Token ${key}`]
      const long = [`Bearer ${'x'.repeat(100_000)}`, "Bearer ' or 1=1 --", 'Bearer __proto__']
      for (const authorization of [...wrong, ...close, ...odd, ...long]) {
        const headers = { authorization, 'content-type': 'application/json' }
        const body = reads(endpoint) ? {} : { body: '{"prompt":"x","name":"x"}' }
        const { status } = await answerTo(missing, { method, headers, ...body })
        if (reads(endpoint)) expect([401, 403, 404], authorization).toContain(status)
        else expect(status, authorization).toBe(401)
      }
    })

    it('says which methods there are', async () => {
      for (const other of [
        'GET',
        'HEAD',
        'POST',
        'PUT',
        'PATCH',
        'DELETE',
        'OPTIONS',
        'PROPFIND',
      ]) {
        const path = fill(endpoint, 'none')
        const { status, headers } = await answerTo(path, { method: other, token: ADMIN_TOKEN })
        expect(headers.get('access-control-allow-origin')).toBeNull()
        if (status === 405) expect(headers.get('allow')?.split(', ')).toContain(method)
        if (status === 405) expect(headers.get('allow')?.split(', ')).not.toContain(other)
      }
    })
  },
)
