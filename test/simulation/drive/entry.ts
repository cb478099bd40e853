/** What the bundle offers to the outside: single runs, by seed or by fault. */
import * as z from 'zod'
import { FAULTS_OF, type Fault, type FaultPlan, randomFaults } from '../world/faults'
import { Random } from '../world/random'
import { type Outcome, run } from './run'
import { PROVIDERS, type ProviderName, randomScenario } from './scenario'
import { STORIES, type Story, scenarioOf } from './stories'

export type { Outcome } from './run'

// As in the Workers runtime, which lets nobody compile code at run time.
z.config({ jitless: true })

export function runSeed(seed: number, migrations: readonly string[]): Promise<Outcome> {
  const name = `seed ${seed}`
  const random = new Random(name)
  const scenario = randomScenario(random.fork('scenario'))
  const plan = randomFaults(random.fork('faults'), scenario.mustSucceed)
  return run(name, scenario, plan, migrations)
}

/** One fault at one operation of an otherwise clean run, or the clean run itself. */
export interface SingleCase {
  story: Story
  provider: ProviderName
  strike: { number: number; fault: Fault } | null
}

let known: Promise<SingleCase[]> | null = null

/**
 * Every operation of every story at its providers, each with every fault that its port knows.
 * Those of quick stories come first.
 */
export function everyCase(migrations: readonly string[]): Promise<SingleCase[]> {
  known ??= findCases(migrations)
  return known
}

async function findCases(migrations: readonly string[]): Promise<SingleCase[]> {
  const cases: SingleCase[] = []
  for (const story of STORIES) {
    for (const provider of story.providers ?? PROVIDERS) {
      const clean = { story, provider, strike: null }
      cases.push(clean)
      if (story.isClean) continue
      const { operations } = await runCase(clean, migrations)
      for (const { number, port } of operations) {
        cases.push(...FAULTS_OF[port].map((fault) => ({ ...clean, strike: { number, fault } })))
      }
    }
  }
  return cases
}

export function runCase(
  { story, provider, strike }: SingleCase,
  migrations: readonly string[],
): Promise<Outcome> {
  let isFirstWake = story.isWakeLost ?? false
  const plan: FaultPlan = {
    choose({ number, port }) {
      const isLost = port === 'wake' && isFirstWake
      if (port === 'wake') isFirstWake = false
      if (strike?.number === number) return strike.fault
      return isLost ? 'lost' : null
    },
  }
  return run('plain', scenarioOf(story, provider), plan, migrations)
}
