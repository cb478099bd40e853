/**
 * HMAC signatures over short texts: callback tokens and signed output URLs.
 *
 * Invariant: what is signed names its purpose, so a token of one kind is never valid as another.
 * The first secret signs, every secret still verifies: that is how a rotation works.
 */
const encoder = new TextEncoder()

async function importKey(secret: string): Promise<CryptoKey> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  return crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, [
    'sign',
    'verify',
  ])
}

/** A URL-safe signature of the text. */
export async function sign(secrets: readonly [string, ...string[]], text: string): Promise<string> {
  const mac = await crypto.subtle.sign('HMAC', await importKey(secrets[0]), encoder.encode(text))
  return encodeBase64Url(new Uint8Array(mac))
}

/** Whether any of the secrets signed the text; compares in constant time. */
export async function verify(
  secrets: readonly string[],
  text: string,
  signature: string,
): Promise<boolean> {
  const mac = decodeBase64Url(signature)
  if (!mac) return false
  for (const secret of secrets) {
    if (await crypto.subtle.verify('HMAC', await importKey(secret), mac, encoder.encode(text)))
      return true
  }
  return false
}

export function encodeBase64Url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes))
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** The bytes, or null unless the text is the one way to write them: no padding, no stray bits. */
function decodeBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[\w-]+$/.test(text) || text.length % 4 === 1) return null
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
  return encodeBase64Url(bytes) === text ? bytes : null
}

/** Lower-case hex of the SHA-256 of a text or of bytes. */
export async function sha256Hex(data: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const bytes = typeof data === 'string' ? encoder.encode(data) : data
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
