/**
 * The bindings and settings that the gateway is started with.
 *
 * The two casts are the border to the platform: behind them stands the part of its surface that
 * the gateway uses, and whatever else it would touch is not there.
 */
import type { Env } from '../../../src/settings'
import { SETTINGS } from '../world/secrets'
import type { World } from '../world/world'

const environments = new WeakMap<World, Env>()

export function environmentOf(world: World): Env {
  const known = environments.get(world)
  if (known) return known
  const { database, bucket, runners } = world
  const bindings: unknown = { DB: database, OUTPUTS: bucket, RUNNER: runners, ...SETTINGS }
  const environment = bindings as Env
  environments.set(world, environment)
  return environment
}

export function stateOf(storage: object): DurableObjectState {
  const state: unknown = { storage, waitUntil: () => undefined }
  return state as DurableObjectState
}
