/** `/v1/keys`: the operator makes, lists and revokes client keys. */
import { Hono } from 'hono'
import * as z from 'zod'
import { encodeBase64Url, sha256Hex } from '../core/signature'
import { insertKey, type Key, listKeys, revokeKey } from '../db/keys'
import { authenticateAdmin } from './auth'
import { readJson } from './body'
import type { AppEnv } from './context'
import { ApiError } from './errors'

const SECRET_BYTES = 32
const newKeySchema = z.strictObject({ name: z.string().min(1, 'must not be empty').max(200) })

export const keys = new Hono<AppEnv>()

keys.use(async (c, next) => {
  await authenticateAdmin(c)
  await next()
})

keys.post('/', async (c) => {
  const { database, newId, now } = c.get('engine')
  const { name } = await readJson(c, newKeySchema)
  const secret = `ig_${encodeBase64Url(randomBytes())}`
  const key: Key = {
    id: newId('key'),
    name,
    keyHash: await sha256Hex(secret),
    webhookSecret: `whsec_${btoa(String.fromCharCode(...randomBytes()))}`,
    createdAt: now(),
    revokedAt: null,
  }
  await insertKey(database, key)
  // Shown this once: only a hash of the key is stored.
  return c.json({ ...keyJson(key), key: secret, webhook_secret: key.webhookSecret }, 201)
})

keys.get('/', async (c) => {
  const list = await listKeys(c.get('engine').database)
  return c.json({ data: list.map(keyJson) })
})

keys.delete('/:id', async (c) => {
  const { database, now } = c.get('engine')
  if (await revokeKey(database, c.req.param('id'), now())) return c.body(null, 204)
  throw new ApiError('not_found', 'There is no such key.')
})

function keyJson(key: Key) {
  return { id: key.id, name: key.name, created_at: new Date(key.createdAt).toISOString() }
}

function randomBytes(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(SECRET_BYTES))
}
