/**
 * The bindings and settings that the gateway is started with.
 *
 * The two casts are the border to the platform: behind them stands the part of its surface that
 * the gateway uses, and whatever else it would touch is not there.
 */
import type { Env } from '../../../src/settings'
import { ROTATED_SETTINGS, SETTINGS } from '../world/secrets'
import type { World } from '../world/world'

const environments = new WeakMap<World, Env>()

export function environmentOf(world: World): Env {
  const known = environments.get(world)
  return known ?? makeEnvironment(world, SETTINGS)
}

/** From now on another secret signs, and what the first one signed still counts. */
export function rotateSigningSecret(world: World): void {
  makeEnvironment(world, ROTATED_SETTINGS)
}

function makeEnvironment(world: World, settings: object): Env {
  const { database, bucket, runners } = world
  const bindings: unknown = { DB: database, OUTPUTS: bucket, RUNNER: runners, ...settings }
  const environment = bindings as Env
  environments.set(world, environment)
  return environment
}

export function stateOf(storage: object): DurableObjectState {
  const state: unknown = { storage, waitUntil: () => undefined }
  return state as DurableObjectState
}
