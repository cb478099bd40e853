/** Many runs one after the other, and what is to be told of them. */
import type { Simulation } from './bundle.ts'
import type { Outcome } from './entry'

/** Every single fault, or random seeds; `from` is included, `to` is not. */
export interface Batch {
  kind: 'case' | 'seed'
  from: number
  to: number
}

export interface Failure {
  kind: Batch['kind']
  number: number
  violations: string[]
}

export interface Report {
  runs: number
  strikes: number
  events: number
  failures: Failure[]
}

export const NOTHING: Report = { runs: 0, strikes: 0, events: 0, failures: [] }

export async function runBatch(
  simulation: Simulation,
  { kind, from, to }: Batch,
  stopsAtFailure = false,
): Promise<Report> {
  let report = NOTHING
  for (let number = from; number < to; number++) {
    const outcome = await runOne(simulation, kind, number)
    if (!outcome) break
    report = add(report, reportOf(outcome, kind, number))
    if (stopsAtFailure && report.failures.length > 0) break
  }
  return report
}

/** Null behind the last case. */
export async function runOne(
  { module, migrations }: Simulation,
  kind: Batch['kind'],
  number: number,
): Promise<Outcome | null> {
  if (kind === 'seed') return module.runSeed(number, migrations)
  const cases = await module.everyCase(migrations)
  const single = cases[number]
  return single ? module.runCase(single, migrations) : null
}

export function add(one: Report, other: Report): Report {
  return {
    runs: one.runs + other.runs,
    strikes: one.strikes + other.strikes,
    events: one.events + other.events,
    failures: [...one.failures, ...other.failures],
  }
}

function reportOf(outcome: Outcome, kind: Batch['kind'], number: number): Report {
  const { violations, strikes, events } = outcome
  const failures = violations.length > 0 ? [{ kind, number, violations }] : []
  return { runs: 1, strikes: strikes.length, events, failures }
}
