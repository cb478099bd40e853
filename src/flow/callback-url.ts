/**
 * The address that a provider calls back at, and the check of its token.
 *
 * The token is an HMAC of the attempt id: only a provider that was told the address knows it.
 */

import type { ProviderId } from '../core/request'
import { sign, verify } from '../core/signature'
import type { Settings } from '../settings'

const signedText = (attemptId: string): string => `callback:${attemptId}`

export async function callbackUrl(
  settings: Settings,
  provider: ProviderId,
  attemptId: string,
): Promise<string> {
  const token = await sign(settings.signingSecrets, signedText(attemptId))
  return `${settings.publicUrl}/callbacks/${provider}/${attemptId}/${token}`
}

export async function isCallbackToken(
  settings: Settings,
  attemptId: string,
  token: string,
): Promise<boolean> {
  return verify(settings.signingSecrets, signedText(attemptId), token)
}
