/** What the bundle offers to the outside: single runs, by seed or by fault. */
import * as z from 'zod'
import { FAULTS_OF, type Fault, type FaultPlan, randomFaults } from '../world/faults'
import { Random } from '../world/random'
import { type Outcome, run } from './run'
import { PROVIDERS, plainScenario, randomScenario } from './scenario'

export type { Outcome } from './run'

// As in the Workers runtime, which lets nobody compile code at run time.
z.config({ jitless: true })

const SHAPES = [
  { n: 1, isWakeLost: false },
  { n: 1, isWakeLost: true },
  { n: 2, isWakeLost: false },
  { n: 7, isWakeLost: false },
]
/** More pictures than this are only made in clean runs. */
const PICTURES_STRUCK_MAX = 2

export function runSeed(seed: number, migrations: readonly string[]): Promise<Outcome> {
  const name = `seed ${seed}`
  const random = new Random(name)
  const scenario = randomScenario(random.fork('scenario'))
  const plan = randomFaults(random.fork('faults'), scenario.isCalm)
  return run(name, scenario, plan, migrations)
}

/** One fault at one operation of an otherwise clean run, or the clean run itself. */
export interface SingleCase {
  provider: string
  n: number
  /** The first wake gets lost, so that the cron finds the task. */
  isWakeLost: boolean
  strike: { number: number; fault: Fault } | null
}

let known: Promise<SingleCase[]> | null = null

/**
 * Every operation of a clean run at every provider, each with every fault that its port knows.
 * Those that make one picture come first.
 */
export function everyCase(migrations: readonly string[]): Promise<SingleCase[]> {
  known ??= findCases(migrations)
  return known
}

async function findCases(migrations: readonly string[]): Promise<SingleCase[]> {
  const cases: SingleCase[] = []
  for (const { n, isWakeLost } of SHAPES) {
    for (const provider of PROVIDERS) {
      const clean = { provider, n, isWakeLost, strike: null }
      cases.push(clean)
      if (n > PICTURES_STRUCK_MAX) continue
      const { operations } = await runCase(clean, migrations)
      for (const { number, port } of operations) {
        cases.push(...FAULTS_OF[port].map((fault) => ({ ...clean, strike: { number, fault } })))
      }
    }
  }
  return cases
}

export function runCase(
  { provider, n, isWakeLost, strike }: SingleCase,
  migrations: readonly string[],
): Promise<Outcome> {
  let isFirstWake = isWakeLost
  const plan: FaultPlan = {
    choose({ number, port }) {
      const isLost = port === 'wake' && isFirstWake
      if (port === 'wake') isFirstWake = false
      if (strike?.number === number) return strike.fault
      return isLost ? 'lost' : null
    },
  }
  return run('plain', plainScenario(provider, n, isWakeLost ? 1 : 2), plan, migrations)
}
