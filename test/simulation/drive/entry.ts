/** What the bundle offers to the outside: single runs, by seed or by fault. */
import * as z from 'zod'
import { FAULTS_OF, type Fault, type Operation, randomFaults, singleFault } from '../world/faults'
import { Random } from '../world/random'
import { type Outcome, run } from './run'
import { PROVIDERS, plainScenario, randomScenario } from './scenario'

export type { Outcome } from './run'

// As in the Workers runtime, which lets nobody compile code at run time.
z.config({ jitless: true })

export function runSeed(seed: number, migrations: readonly string[]): Promise<Outcome> {
  const name = `seed ${seed}`
  const random = new Random(name)
  const scenario = randomScenario(random.fork('scenario'))
  const plan = randomFaults(random.fork('faults'), scenario.isCalm)
  return run(name, scenario, plan, migrations)
}

/** One fault at one operation of an otherwise clean run. */
export interface SingleCase {
  provider: string
  n: number
  operation: Operation
  fault: Fault
}

let known: Promise<SingleCase[]> | null = null

/** Every operation of a clean run at every provider, each with every fault that its port knows. */
export function everyCase(migrations: readonly string[]): Promise<SingleCase[]> {
  known ??= findCases(migrations)
  return known
}

async function findCases(migrations: readonly string[]): Promise<SingleCase[]> {
  const cases: SingleCase[] = []
  for (const provider of PROVIDERS) {
    for (const n of [1, 2]) {
      const clean = await run(
        'plain',
        plainScenario(provider, n),
        { choose: () => null },
        migrations,
      )
      if (clean.violations.length > 0) throw new Error(clean.violations.join('\n'))
      for (const operation of clean.operations) {
        for (const fault of FAULTS_OF[operation.port]) {
          cases.push({ provider, n, operation, fault })
        }
      }
    }
  }
  return cases
}

export function runCase(single: SingleCase, migrations: readonly string[]): Promise<Outcome> {
  const { provider, n, operation, fault } = single
  return run('plain', plainScenario(provider, n), singleFault(operation.number, fault), migrations)
}
