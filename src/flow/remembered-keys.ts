/**
 * Client keys that this isolate looked up lately, so that a request which makes a task need not.
 *
 * A remembered key proves nothing: it may be revoked or changed since. Whoever takes one has it confirmed
 * by the insert of the task, or gives no answer; see `handlers/endpoint/maker.ts`.
 */
import type { Key } from '../db/keys'
import type { Client } from './accept'
import type { Ports } from './ports'

const REMEMBERED_MAX = 1_000

/**
 * Notes what a look-up found under a hash. A key that was replaced is looked up each time of its grace.
 *
 * @param until when it has to be looked up again, at the latest
 */
export function rememberKey(ports: Ports, keyHash: string, key: Key, until: number): void {
  forgetKey(ports, keyHash)
  if (key.keyHash !== keyHash) return
  const { keys } = ports.isolate
  const { id, rateLimitPerMinute, dailyUsdLimit, totalUsdLimit } = key
  keys.set(keyHash, { id, rateLimitPerMinute, dailyUsdLimit, totalUsdLimit, until })
  const oldest = keys.keys().next()
  if (keys.size > REMEMBERED_MAX && !oldest.done) keys.delete(oldest.value)
}

export function forgetKey({ isolate }: Ports, keyHash: string): void {
  isolate.keys.delete(keyHash)
}

/** The client as it was; null when its key has to be looked up. */
export function recallClient({ isolate, now }: Ports, keyHash: string): Client | null {
  const key = isolate.keys.get(keyHash)
  if (!key || key.until <= now()) return null
  const { until: _, ...client } = key
  return { ...client, assumption: { keyHash, isConfirmed: false } }
}
