/**
 * `npm run simulate`: every single fault, then random seeds; exit code 1 if an invariant broke.
 *
 * `--seeds N` how many seeds, `--seed S` the first one, `--case C` one single fault,
 * `--sabotage` switches each guard off in turn to see that it is missed (`--guard lease`: some).
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { type Failure, runOne } from './drive/batch.ts'
import { loadSimulation } from './drive/bundle.ts'
import { divide, runAll } from './drive/crew.ts'
import { reportSabotage } from './drive/sabotage.ts'

const SEEDS_DEFAULT = 1_000
const BATCH_SIZE = 25
const PROGRESS_INTERVAL_MS = 5_000
const FAILURES_SHOWN = 10

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    seed: { type: 'string' },
    case: { type: 'string' },
    threads: { type: 'string' },
    guard: { type: 'string', default: '' },
    sabotage: { type: 'boolean', default: false },
  },
})
const threads = Number(values.threads ?? availableParallelism())

if (values.sabotage)
  process.exitCode = (await reportSabotage(values.guard, threads, console.log)) ? 0 : 1
else if (values.case !== undefined) await replay('case', Number(values.case))
else if (values.seed !== undefined && values.seeds === undefined)
  await replay('seed', Number(values.seed))
else await simulate(Number(values.seed ?? 0), Number(values.seeds ?? SEEDS_DEFAULT))

async function simulate(first: number, count: number): Promise<void> {
  const startedAt = performance.now()
  const seconds = () => `${((performance.now() - startedAt) / 1000).toFixed(0)} s`
  const simulation = await loadSimulation()
  const cases = (await simulation.module.everyCase(simulation.migrations)).length
  const batches = [
    ...divide('case', 0, cases, BATCH_SIZE),
    ...divide('seed', first, first + count, BATCH_SIZE),
  ]
  console.log(`${cases} single faults, then ${count} seeds, on ${threads} threads`)
  let shownAt = performance.now()
  let failuresShown = 0
  const assignment = { guard: null, stopsAtFailure: false }
  const report = await runAll(batches, threads, assignment, ({ runs, failures }) => {
    for (const failure of failures.slice(failuresShown, FAILURES_SHOWN)) show(failure)
    failuresShown = failures.length
    if (performance.now() - shownAt < PROGRESS_INTERVAL_MS) return
    shownAt = performance.now()
    console.log(`${runs} of ${cases + count} runs, ${failures.length} failures, ${seconds()}`)
  })
  const { runs, strikes, events, failures } = report
  console.log(`${runs} runs, ${strikes} faults, ${events} events: ${failures.length} failures`)
  console.log(seconds())
  if (failures.length > 0) process.exitCode = 1
}

function show({ kind, number, violations }: Failure): void {
  for (const violation of violations) console.log(`${kind} ${number}: ${violation}`)
  console.log(`  replay: npm run simulate -- --${kind} ${number}`)
}

/** One run, told from its beginning as far as it is remembered. */
async function replay(kind: Failure['kind'], number: number): Promise<void> {
  const outcome = await runOne(await loadSimulation(), kind, number)
  if (!outcome) throw new Error(`There is no ${kind} ${number}.`)
  console.log(outcome.story.join('\n'))
  console.log(`fingerprint ${outcome.fingerprint}`)
  if (outcome.violations.length === 0) return console.log('no violation')
  show({ kind, number, violations: outcome.violations })
  process.exitCode = 1
}
