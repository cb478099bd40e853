/**
 * Hostile input about what exists, from those it belongs to and from everybody else: not one row
 * of it changes.
 */
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  answerTo,
  dumpEverything,
  ENDPOINTS,
  type Endpoint,
  fill,
  nameOf,
  parametersOf,
  reads,
} from '../world/endpoints'
import { type Existing, makeExisting } from '../world/existing'
import { ADMIN_TOKEN } from '../world/gateway'
import { BODIES, CONTENT_TYPES, gzip, QUERIES } from '../world/hostile-input'

const JSON_HEADERS = { 'content-type': 'application/json' }
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']
/** They read no body, so whoever may act here does so whatever it is. */
const REDELIVER = 'POST /v1/tasks/:id/deliveries/:delivery/redeliver'
const BODILESS = ['DELETE /v1/tasks/:id', REDELIVER, 'DELETE /v1/keys/:id']

/** These name no field, which is all right where none is needed. */
const WISHLESS = ['nothing', 'all null']

/** Other spellings of an id; none of them is the same to a URL. */
const SPELLINGS: Array<(id: string) => string> = [
  (id) => `${id}%00`,
  (id) => `${id}%20`,
  (id) => `%20${id}`,
  (id) => `${id}%0d%0a`,
  (id) => `${id}%27%20or%201=1%20--`,
  (id) => `${id}%E2%80%8B`,
  (id) => `${id}%2f`,
  (id) => `${id};x`,
  (id) => `${id}x`,
  (id) => `${id.slice(0, -1)}%25`,
  (id) => `${id.slice(0, -1)}_`,
]

let existing: Existing
let before: Record<string, unknown[]>
beforeAll(async () => {
  existing = await makeExisting()
  before = await dumpEverything()
})

afterEach(async () => {
  expect(await dumpEverything()).toEqual(before)
})

const pathOf = (endpoint: Endpoint) => fill(endpoint, existing.idsFor(endpoint))
const isOperators = ({ path }: Endpoint) => /^\/v1\/(keys|attempts)\//.test(path)
const isPublic = ({ path }: Endpoint) => path.startsWith('/callbacks')
/** A model is nobody's own. */
const isForEveryKey = ({ path }: Endpoint) => path === '/openai/v1/models/:model'
const holder = (endpoint: Endpoint) => (isOperators(endpoint) ? ADMIN_TOKEN : existing.owner)
function others(endpoint: Endpoint): string[] {
  if (isOperators(endpoint)) return [existing.owner, existing.stranger]
  // The operator may have a webhook sent again.
  return nameOf(endpoint) === REDELIVER ? [existing.stranger] : [existing.stranger, ADMIN_TOKEN]
}

/** All whose request must come to nothing because of its body, or because of who they are. */
const withoutEffect = (endpoint: Endpoint) => [
  ...others(endpoint),
  ...(BODILESS.includes(nameOf(endpoint)) ? [] : [holder(endpoint)]),
]

const about = ENDPOINTS.filter((endpoint) => parametersOf(endpoint).length > 0)
describe.each(about.map((endpoint) => ({ name: nameOf(endpoint), endpoint })))(
  '$name',
  ({ endpoint }) => {
    const { method } = endpoint
    const writes = !reads(endpoint)

    it.runIf(writes)('changes nothing for a hostile body', async () => {
      for (const [what, body] of Object.entries(BODIES)) {
        for (const token of withoutEffect(endpoint)) {
          if (WISHLESS.includes(what) && token === holder(endpoint)) continue
          const sent = { method, token, headers: JSON_HEADERS, body }
          const { status } = await answerTo(pathOf(endpoint), sent)
          expect(status, what).toBeGreaterThanOrEqual(400)
        }
      }
    })

    it.runIf(writes)('changes nothing for a hostile content type or encoding', async () => {
      const zipped = await gzip('{"a":1}')
      const all = [
        ...CONTENT_TYPES.map((type) => ({ headers: { 'content-type': type }, body: '{"a":1}' })),
        ...['gzip', 'br', 'deflate'].map((encoding) => ({
          headers: { ...JSON_HEADERS, 'content-encoding': encoding },
          body: zipped,
        })),
      ]
      for (const { headers, body } of all) {
        for (const token of withoutEffect(endpoint)) {
          const { status } = await answerTo(pathOf(endpoint), { method, token, headers, body })
          expect(status, JSON.stringify(headers)).toBeGreaterThanOrEqual(400)
        }
      }
    })

    it('has nothing under another spelling of its ids', async () => {
      const ids = existing.idsFor(endpoint)
      for (const parameter of parametersOf(endpoint)) {
        for (const spell of SPELLINGS) {
          const path = fill(endpoint, { ...ids, [parameter]: spell(ids[parameter] ?? '') })
          const { status } = await answerTo(path, { method, token: holder(endpoint) })
          expect(status, path).toBeGreaterThanOrEqual(400)
        }
      }
    })

    it.skipIf(isPublic(endpoint))('is for nobody else', async () => {
      const strangers = reads(endpoint) ? [existing.stranger] : others(endpoint)
      for (const token of isForEveryKey(endpoint) ? [] : strangers) {
        const { status } = await answerTo(pathOf(endpoint), { method, token })
        expect([403, 404]).toContain(status)
      }
      const key = existing.owner
      for (const token of ['', 'null', `${key}x`, key.slice(0, -1), key.toUpperCase()]) {
        expect((await answerTo(pathOf(endpoint), { method, token })).status, token).toBe(401)
      }
    })

    it('changes nothing for hostile queries and headers', async () => {
      const tokens = writes ? others(endpoint) : [holder(endpoint), ...others(endpoint)]
      for (const token of tokens) {
        for (const query of QUERIES) await answerTo(pathOf(endpoint) + query, { method, token })
        for (const name of ['idempotency-key', 'prefer', 'range', 'if-range', 'last-event-id']) {
          for (const value of ['x'.repeat(100_000), '', 'bytes=99-1', 'wait=x', '*']) {
            await answerTo(pathOf(endpoint), { method, token, headers: { [name]: value } })
          }
        }
      }
    })

    it('does nothing by a method that it has not', async () => {
      const possible = ENDPOINTS.filter(({ path }) => path === endpoint.path).map((e) => e.method)
      for (const other of METHODS.filter((name) => !possible.includes(name))) {
        if (other === 'HEAD' && possible.includes('GET')) continue
        const sent = { method: other, token: holder(endpoint) }
        expect((await answerTo(pathOf(endpoint), sent)).status, other).toBe(405)
      }
    })
  },
)

describe('those it belongs to', () => {
  it.each(about.filter(reads).map((endpoint) => ({ name: nameOf(endpoint), endpoint })))(
    'may $name',
    async ({ endpoint }) => {
      const sent = { token: holder(endpoint) }
      expect((await answerTo(pathOf(endpoint), sent)).status).toBe(200)
    },
  )
})
