/**
 * What Cloudflare charges on its paid plan beyond what is included, in dollars, as published in
 * November 2026 on the pricing pages named beside each price.
 */
import type { Counts } from './workers/counts.ts'

const MILLION = 1_000_000

export const PRICES = {
  /** developers.cloudflare.com/d1/platform/pricing */
  d1RowsRead: 0.001 / MILLION,
  d1RowsWritten: 1.0 / MILLION,
  d1GigabyteMonth: 0.75,
  /** developers.cloudflare.com/r2/pricing */
  bucketClassA: 4.5 / MILLION,
  bucketClassB: 0.36 / MILLION,
  /** developers.cloudflare.com/durable-objects/platform/pricing */
  objectRequests: 0.15 / MILLION,
  /** An incoming message is a twentieth of a request. Whether a close is a message is not said; it is taken for one. */
  objectSocketEvents: 0.15 / 20 / MILLION,
  objectRowsWritten: 1.0 / MILLION,
  objectGigabyteSeconds: 12.5 / MILLION,
  /** developers.cloudflare.com/workers/platform/pricing */
  requests: 0.3 / MILLION,
}

/** A Durable Object is billed as if it held this much, in GB. */
const OBJECT_GIGABYTES = 0.128

/** Dollars for an object that is active so long. */
export function durationUsd(milliseconds: number): number {
  return (milliseconds / 1000) * OBJECT_GIGABYTES * PRICES.objectGigabyteSeconds
}

/** Dollars for what was counted, with the duration of objects. CPU is left out: $0.02 buys a million milliseconds. */
export function usd(counts: Counts): number {
  return (
    counts.rowsRead * PRICES.d1RowsRead +
    counts.rowsWritten * PRICES.d1RowsWritten +
    counts.bucketClassA * PRICES.bucketClassA +
    counts.bucketClassB * PRICES.bucketClassB +
    (counts.objectCalls + counts.alarms) * PRICES.objectRequests +
    counts.socketEvents * PRICES.objectSocketEvents +
    counts.storageRows * PRICES.objectRowsWritten +
    counts.invocations * PRICES.requests +
    durationUsd(counts.activeMs)
  )
}
