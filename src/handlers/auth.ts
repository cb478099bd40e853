/**
 * Who is asking: a client by its key, or the operator by `ADMIN_TOKEN`.
 *
 * Only a key's hash is stored and compared, so neither the database nor timing tells a key.
 */
import { sha256Hex } from '../core/signature'
import { findKeyByHash, type Key, touchKey } from '../db/keys'
import { isSignedPath } from '../flow/signed-url'
import type { AppContext } from './context'
import { ApiError } from './errors'

/** `signed`: the holder of a signed URL, good for that one output. */
export type Principal = { kind: 'admin' } | { kind: 'client'; key: Key } | { kind: 'signed' }

/** A key's last use is written this seldom. */
const TOUCH_INTERVAL_MS = 5 * 60_000

/** @throws ApiError 401 without a valid token. */
export async function authenticate(c: AppContext): Promise<Principal> {
  const token = bearerToken(c)
  if (token === null) {
    throw unauthorized('Send your key in the header "Authorization: Bearer …".')
  }
  const { settings, database, now, waitUntil } = c.get('ports')
  const hash = await sha256Hex(token)
  if (hash === (await sha256Hex(settings.adminToken))) return { kind: 'admin' }
  const key = await findKeyByHash(database, hash, now())
  if (!key) throw unauthorized('This API key is not valid.')
  if ((key.lastUsedAt ?? 0) < now() - TOUCH_INTERVAL_MS)
    waitUntil(touchKey(database, key.id, now()))
  return { kind: 'client', key }
}

/** @throws ApiError 403 for the admin token, which reads but makes and changes no tasks. */
export async function authenticateClient(c: AppContext): Promise<Key> {
  const principal = await authenticate(c)
  if (principal.kind === 'client') return principal.key
  throw new ApiError('not_allowed', 'The admin token only reads; use a client key.')
}

/**
 * Who reads a picture: by the signature in the query where there is one, else by Bearer token.
 *
 * @throws ApiError 403 for a URL that expired or was changed.
 */
export async function authenticateReader(c: AppContext): Promise<Principal> {
  const { settings, now } = c.get('ports')
  const { expires, signature } = c.req.query()
  if (signature === undefined || expires === undefined) return authenticate(c)
  if (await isSignedPath(settings, c.req.path, { expires, signature }, now())) {
    return { kind: 'signed' }
  }
  if (bearerToken(c) !== null) return authenticate(c)
  throw new ApiError(
    'not_allowed',
    'This URL has expired or was changed. Read the task for a fresh one.',
  )
}

/** @throws ApiError 403 for a client key. */
export async function authenticateAdmin(c: AppContext): Promise<void> {
  const principal = await authenticate(c)
  if (principal.kind === 'admin') return
  throw new ApiError('not_allowed', 'This needs the admin token.')
}

export function mayRead(principal: Principal, task: { keyId: string }): boolean {
  return principal.kind !== 'client' || principal.key.id === task.keyId
}

/** Null when the request carries no `Authorization` header at all or one of another scheme. */
function bearerToken(c: AppContext): string | null {
  return /^Bearer +(\S+)$/i.exec(c.req.header('Authorization')?.trim() ?? '')?.[1] ?? null
}

function unauthorized(message: string): ApiError {
  return new ApiError('invalid_api_key', message, { headers: { 'WWW-Authenticate': 'Bearer' } })
}
