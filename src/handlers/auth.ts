/**
 * Who is asking: a client by its key, or the operator by `ADMIN_TOKEN`.
 *
 * Only a key's hash is stored and compared, so neither the database nor timing tells a key.
 */
import { sha256Hex } from '../core/signature'
import { findKeyByHash } from '../db/keys'
import type { AppContext } from './context'
import { ApiError } from './errors'

/** `signed`: the holder of a signed URL, good for that one output. */
export type Principal = { kind: 'admin' } | { kind: 'client'; keyId: string } | { kind: 'signed' }

/** @throws ApiError 401 without a valid token. */
export async function authenticate(c: AppContext): Promise<Principal> {
  const token = bearerToken(c)
  if (token === null) {
    throw unauthorized('Send your key in the header "Authorization: Bearer …".')
  }
  const { settings, database } = c.get('engine')
  const hash = await sha256Hex(token)
  if (hash === (await sha256Hex(settings.adminToken))) return { kind: 'admin' }
  const key = await findKeyByHash(database, hash)
  if (!key) throw unauthorized('This API key is not valid.')
  return { kind: 'client', keyId: key.id }
}

/** @throws ApiError 403 for the admin token, which makes no tasks. */
export async function authenticateClient(c: AppContext): Promise<string> {
  const principal = await authenticate(c)
  if (principal.kind === 'client') return principal.keyId
  throw new ApiError('not_allowed', 'The admin token makes no tasks; use a client key.')
}

/** @throws ApiError 403 for a client key. */
export async function authenticateAdmin(c: AppContext): Promise<void> {
  const principal = await authenticate(c)
  if (principal.kind === 'admin') return
  throw new ApiError('not_allowed', 'This needs the admin token.')
}

export function mayRead(principal: Principal, task: { keyId: string }): boolean {
  return principal.kind !== 'client' || principal.keyId === task.keyId
}

/** Null when the request carries no `Authorization` header at all or one of another scheme. */
export function bearerToken(c: AppContext): string | null {
  return /^Bearer +(\S+)$/i.exec(c.req.header('Authorization')?.trim() ?? '')?.[1] ?? null
}

function unauthorized(message: string): ApiError {
  return new ApiError('invalid_api_key', message, { headers: { 'WWW-Authenticate': 'Bearer' } })
}
