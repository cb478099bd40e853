/**
 * One run: faults for a while, then none for seven days, then every invariant is checked.
 */
import { checkEnd } from '../check/end'
import { watchIntent } from '../check/intent'
import { Sightings } from '../check/sightings'
import { watchSpending } from '../check/spending'
import { watchUsage } from '../check/usage'
import { Watch } from '../check/watch'
import { Client, makeKey } from '../world/client'
import type { FaultPlan, Operation } from '../world/faults'
import { Forger } from '../world/forger'
import { Random } from '../world/random'
import { SdkClient } from '../world/sdk-client'
import type { Strike } from '../world/stage'
import { pry } from '../world/stranger'
import { World } from '../world/world'
import type { Scenario } from './scenario'

const SEVEN_DAYS_MS = 7 * 24 * 60 * 60_000
const SETTING_UP_MS = 1_000
const PRYING_MS = 1_000

export interface Outcome {
  violations: string[]
  fingerprint: string
  strikes: Strike[]
  operations: Operation[]
  events: number
  statuses: string[]
  story: string[]
}

export async function run(
  seed: string,
  scenario: Scenario,
  plan: FaultPlan,
  migrations: readonly string[],
): Promise<Outcome> {
  const random = new Random(seed)
  let isSetUp = false
  const world = new World({
    seed,
    migrations,
    plan: { choose: (operation) => (isSetUp ? plan.choose(operation) : null) },
    jobSeconds: (seconds) => seconds.fraction() * scenario.jobSecondsMax,
  })
  const making = Promise.all([makeKey(world, scenario.hasSpendLimit), makeKey(world, false)])
  await world.clock.runUntil(world.clock.now() + SETTING_UP_MS)
  const [owner, stranger] = await making
  world.outside.receiver.secret = owner.webhook_secret
  world.operations.length = 0
  isSetUp = true

  const watch = new Watch(world)
  const sightings = new Sightings(world)
  watchSpending(world)
  watchUsage(world)
  watchIntent(world, scenario.orders)
  const clients = scenario.orders.map((order) => {
    const { marker, sdkTimeoutMs } = order
    const own = random.fork(marker)
    return sdkTimeoutMs === null
      ? new Client(world, owner.key, order, own)
      : new SdkClient(world, owner.key, order, sdkTimeoutMs, own)
  })
  const forger = new Forger(world, random.fork('forger'))
  for (const client of clients) void client.live()
  if (scenario.forger === 'roaming') void forger.roam()
  if (scenario.forger === 'lurking') forger.lurk()
  if (scenario.rotatesAfterMs !== null)
    world.clock.after(scenario.rotatesAfterMs, () => world.rotateSigningSecret())

  if (scenario.deploysAfterMs !== null)
    world.clock.after(scenario.deploysAfterMs, () => world.runners.restart())
  if (scenario.outage) {
    const { afterMs, forMs } = scenario.outage
    world.clock.after(afterMs, () => (world.isDatabaseDown = true))
    world.clock.after(afterMs + forMs, () => (world.isDatabaseDown = false))
  }

  try {
    await world.clock.runUntil(world.clock.now() + scenario.faultsForMs)
    world.stopFaults()
    await world.clock.runUntil(world.clock.now() + SEVEN_DAYS_MS)
    const prying = pry(world, stranger.key)
    await world.clock.runUntil(world.clock.now() + PRYING_MS)
    await prying
    await checkEnd({ world, clients, forger, watch, sightings, scenario })
  } catch (error) {
    world.violate(`world: ${error instanceof Error ? error.message : 'an unknown error'}`)
  }
  return {
    violations: world.violations,
    fingerprint: world.fingerprint(),
    strikes: world.strikes,
    operations: world.operations.slice(0, world.operationsUnderFaults),
    events: world.clock.events,
    statuses: watch.statuses(),
    story: world.story,
  }
}
