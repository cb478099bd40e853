/** Signed addresses of outputs and uploads: who has the URL may see the picture until it expires. */
import { sign, verify } from '../core/signature'
import type { Settings } from '../settings'

const signedText = (path: string, expires: number): string => `url:${path}:${expires}`

/** `expiresAt` in milliseconds; the URL holds whole seconds. */
export async function signedUrl(
  settings: Settings,
  path: string,
  expiresAt: number,
): Promise<string> {
  const expires = Math.floor(expiresAt / 1000)
  const signature = await sign(settings.signingSecrets, signedText(path, expires))
  return `${settings.publicUrl}${path}?expires=${expires}&signature=${signature}`
}

/** Whether the query of a request for this path was signed here and has not expired. */
export async function isSignedPath(
  settings: Settings,
  path: string,
  query: { expires: string; signature: string },
  now: number,
): Promise<boolean> {
  const expires = Number(query.expires)
  if (!/^\d{1,12}$/.test(query.expires) || expires * 1000 < now) return false
  return verify(settings.signingSecrets, signedText(path, expires), query.signature)
}
