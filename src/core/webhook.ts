/**
 * Webhooks to the client: what is signed, and what follows from the answer of a try.
 *
 * Signing follows Standard Webhooks: `webhook-id` stays the same over all tries, so a receiver
 * that has seen it may ignore the repeat.
 */
import { signBase64 } from './signature'
import { DAY_MS } from './time'

/** When a delivery is tried, from its first try on. */
export const TRY_OFFSETS_MS = [
  0,
  5_000,
  5 * 60_000,
  30 * 60_000,
  ...[2, 5, 10, 14, 20, 24].map((hours) => hours * 60 * 60_000),
] as const
/** Waits are stretched by up to a tenth, so that a receiver that comes back is not met by all at once. */
const JITTER = 0.1
const RETRY_AFTER_MAX_MS = DAY_MS
const STATUS_GONE = 410

/** What a receiver did: an HTTP status, or why there was none. */
export interface TryAnswer {
  status: number | null
  /** In words; null for a success. */
  fault: string | null
  /** How long the receiver asked to be left alone; 0 when it did not. */
  retryAfterMs: number
}

export type Verdict =
  | { kind: 'delivered' }
  | { kind: 'again'; waitMs: number }
  | { kind: 'given_up' }

/**
 * What follows from the answer to a try.
 *
 * @param tries how many there were, this one included
 * @param random 0 to 1
 */
export function judgeTry(tries: number, answer: TryAnswer, random: number): Verdict {
  if (answer.fault === null) return { kind: 'delivered' }
  const next = TRY_OFFSETS_MS[tries]
  if (next === undefined || answer.status === STATUS_GONE) return { kind: 'given_up' }
  const waitMs = (next - (TRY_OFFSETS_MS[tries - 1] ?? 0)) * (1 + JITTER * random)
  const askedMs = Math.min(answer.retryAfterMs, RETRY_AFTER_MAX_MS)
  return { kind: 'again', waitMs: Math.round(Math.max(waitMs, askedMs)) }
}

/** The headers that sign a message; one signature for each secret that is still valid. */
export async function webhookHeaders(
  secrets: readonly string[],
  id: string,
  body: string,
  now: number,
): Promise<Record<string, string>> {
  const timestamp = Math.floor(now / 1000)
  const signatures = await Promise.all(
    secrets.map(
      async (secret) => `v1,${await signBase64(keyOf(secret), `${id}.${timestamp}.${body}`)}`,
    ),
  )
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.join(' '),
  }
}

/** `whsec_` and the key in base64. */
function keyOf(secret: string): Uint8Array<ArrayBuffer> {
  const binary = atob(secret.replace(/^whsec_/, ''))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}
