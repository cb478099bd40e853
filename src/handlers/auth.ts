/**
 * Who is asking: a client by its key, the operator by `ADMIN_TOKEN`, whoever holds a signed address,
 * or a provider by the address that only it was told.
 *
 * Only a key's hash is stored and compared, so neither the database nor timing tells a key.
 */

import { bearerToken } from '../core/bearer-token'
import { PROVIDER_IDS, type ProviderId } from '../core/request'
import { sha256Hex } from '../core/signature'
import { findKeyByHash, type Key, touchKey } from '../db/keys'
import type { Client as Maker } from '../flow/accept'
import { isCallbackToken } from '../flow/callback-url'
import { forgetKey, recallClient, rememberKey } from '../flow/remembered-keys'
import { isSignedPath } from '../flow/signed-url'
import type { AppContext } from './context'
import { ApiError, nothingHere } from './errors'

type Client = { kind: 'client'; key: Key }
type Admin = { kind: 'admin' }
/** The holder of a signed address, good for that one picture. */
type Signed = { kind: 'signed' }

/** Whom an operation serves, and what its handler learns of the caller. */
export interface Callers {
  /** A client key; the admin token makes and changes no tasks. */
  client: Key
  /** The same, for what writes nothing but a task, by `accept`: it is confirmed by that; see `endpoint/maker.ts`. */
  maker: Maker
  /** A client key, which sees its own, or the admin token, which sees everyone's. */
  reader: Client | Admin
  /** A reader, or a signed address. */
  picture: Client | Admin | Signed
  admin: Admin
  /** A provider that was told this address. */
  callback: ProviderId
  none: null
}

export type Access = keyof Callers

/** A key's last use is written this seldom. */
const TOUCH_INTERVAL_MS = 5 * 60_000

const BY_ACCESS: { [Each in Access]: (c: AppContext) => Promise<Callers[Each]> } = {
  client: byKey,
  maker: byKey,
  reader: byToken,
  picture: bySignatureOrToken,
  admin: async (c) => {
    const caller = await byToken(c)
    if (caller.kind === 'admin') return caller
    throw new ApiError('not_allowed', 'This needs the admin token.')
  },
  callback: byCallbackToken,
  none: async () => null,
}

/** @throws ApiError 401, 403, and 404 for a callback. */
export function authenticate<Each extends Access>(
  c: AppContext,
  access: Each,
): Promise<Callers[Each]> {
  return BY_ACCESS[access](c)
}

/** The caller as this isolate remembers it, not yet confirmed; null when it has to be looked up. */
export async function recallMaker(c: AppContext): Promise<Maker | null> {
  const token = bearerToken(c.req.header('Authorization'))
  return token === null ? null : recallClient(c.get('ports'), await sha256Hex(token))
}

/** The key whose things are read; null for all of them. */
export function keyIdOf(caller: Client | Admin | Signed): string | null {
  return caller.kind === 'client' ? caller.key.id : null
}

async function byKey(c: AppContext): Promise<Key> {
  const caller = await byToken(c)
  if (caller.kind === 'client') return caller.key
  throw new ApiError('not_allowed', 'The admin token only reads; use a client key.')
}

async function byToken(c: AppContext): Promise<Client | Admin> {
  const token = bearerToken(c.req.header('Authorization'))
  if (token === null) {
    throw unauthorized('Send your key in the header "Authorization: Bearer …".')
  }
  const ports = c.get('ports')
  const { settings, database, now, waitUntil } = ports
  const hash = await sha256Hex(token)
  if (hash === (await sha256Hex(settings.adminToken))) return { kind: 'admin' }
  const key = await findKeyByHash(database, hash, now())
  if (!key) {
    forgetKey(ports, hash)
    throw unauthorized('This API key is not valid.')
  }
  let usedAt = key.lastUsedAt ?? 0
  if (usedAt < now() - TOUCH_INTERVAL_MS) {
    usedAt = now()
    waitUntil(touchKey(database, key.id, usedAt))
  }
  // It is looked up again when the next use is to be written, so nothing is written for one that is remembered.
  rememberKey(ports, hash, key, usedAt + TOUCH_INTERVAL_MS)
  return { kind: 'client', key }
}

async function bySignatureOrToken(c: AppContext): Promise<Client | Admin | Signed> {
  const { settings, now } = c.get('ports')
  const { expires, signature } = c.req.query()
  if (signature === undefined || expires === undefined) return byToken(c)
  if (await isSignedPath(settings, c.req.path, { expires, signature }, now())) {
    return { kind: 'signed' }
  }
  if (bearerToken(c.req.header('Authorization')) !== null) return byToken(c)
  throw new ApiError(
    'not_allowed',
    'This URL has expired or was changed. Read the task for a fresh one.',
  )
}

async function byCallbackToken(c: AppContext): Promise<ProviderId> {
  const { provider, attempt = '', token = '' } = c.req.param()
  const id = PROVIDER_IDS.find((candidate) => candidate === provider)
  if (id && (await isCallbackToken(c.get('ports').settings, attempt, token))) return id
  throw nothingHere()
}

function unauthorized(message: string): ApiError {
  return new ApiError('invalid_api_key', message, { headers: { 'WWW-Authenticate': 'Bearer' } })
}
