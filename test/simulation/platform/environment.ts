/**
 * The bindings and settings that the gateway is started with.
 *
 * The two casts are the border to the platform: behind them stands the part of its surface that
 * the gateway uses, and whatever else it would touch is not there.
 */
import type { Env } from '../../../src/settings'

/** What of the platform is bound to the gateway. */
interface Bindings {
  database: object
  bucket: object
  runners: object
}

export function makeEnvironment(
  { database, bucket, runners }: Bindings,
  settings: Record<string, string>,
): Env {
  const environment: unknown = { DB: database, OUTPUTS: bucket, RUNNER: runners, ...settings }
  return environment as Env
}

export function stateOf(storage: object, sockets: object): DurableObjectState {
  const state: unknown = { storage, ...sockets, waitUntil: () => undefined }
  return state as DurableObjectState
}
