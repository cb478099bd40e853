/**
 * The gateway's own address where `PUBLIC_URL` is not set: learned once, from the operator.
 *
 * Invariant: only a request that proves itself with the admin token can teach it, and only the first
 * one. The host in any other request is its sender's word.
 */
import { bearerToken } from './core/bearer-token'
import { sha256Hex } from './core/signature'
import { openDatabase } from './db/database'
import { keepPublicUrl, readPublicUrl } from './db/gateway'
import { type Env, originToLearn, refuseSecret, settingIn } from './settings'

const known = new WeakMap<Env, string>()

/**
 * Null while there is nothing to learn it from, and where the setting makes it needless.
 *
 * @param request one that may teach it
 */
export async function learnedPublicUrl(
  env: Env,
  request: Request | null = null,
): Promise<string | null> {
  if (settingIn(env, 'PUBLIC_URL')) return null
  const remembered = known.get(env)
  if (remembered !== undefined) return remembered
  const database = openDatabase(env.DB)
  let url = await readPublicUrl(database)
  const origin = url === null && request ? originToLearn(env, request.url) : null
  if (origin !== null && request && (await isOperator(env, request))) {
    await keepPublicUrl(database, origin)
    url = await readPublicUrl(database)
  }
  if (url !== null) known.set(env, url)
  return url
}

async function isOperator(env: Env, request: Request): Promise<boolean> {
  const token = bearerToken(request.headers.get('Authorization'))
  const secret = settingIn(env, 'ADMIN_TOKEN')
  // An example token is known to everybody.
  if (token === null || secret === '' || refuseSecret(secret, null) !== null) return false
  return (await sha256Hex(token)) === (await sha256Hex(secret))
}
