/**
 * HMAC signatures over short texts: callback tokens, signed URLs, webhooks.
 *
 * Invariant: what is signed names its purpose, so a token of one kind is never valid as another.
 * The first secret signs, every secret still verifies: that is how a rotation works.
 */
type Bytes = Uint8Array<ArrayBuffer>

const encode = (text: string): Bytes => new Uint8Array(new TextEncoder().encode(text))

async function importKey(secret: Bytes): Promise<CryptoKey> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  return crypto.subtle.importKey('raw', secret, algorithm, false, ['sign', 'verify'])
}

/** A URL-safe signature of the text. */
export async function sign(secrets: readonly [string, ...string[]], text: string): Promise<string> {
  return encodeBase64Url(await hmac(encode(secrets[0]), text))
}

/** A signature of the text in plain base64, as Standard Webhooks wants it. */
export async function signBase64(key: Bytes, text: string): Promise<string> {
  return encodeBase64(await hmac(key, text))
}

async function hmac(key: Bytes, text: string): Promise<Uint8Array> {
  const mac = await crypto.subtle.sign('HMAC', await importKey(key), encode(text))
  return new Uint8Array(mac)
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
    const key = await importKey(encode(secret))
    if (await crypto.subtle.verify('HMAC', key, mac, encode(text))) return true
  }
  return false
}

export function encodeBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}

export function encodeBase64Url(bytes: Uint8Array): string {
  return encodeBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** The bytes, or null unless the text is the one way to write them: no padding, no stray bits. */
function decodeBase64Url(text: string): Bytes | null {
  if (!/^[\w-]+$/.test(text) || text.length % 4 === 1) return null
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
  return encodeBase64Url(bytes) === text ? bytes : null
}

/** Lower-case hex of the SHA-256 of a text or of bytes. */
export async function sha256Hex(data: string | Bytes): Promise<string> {
  const bytes = typeof data === 'string' ? encode(data) : data
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
