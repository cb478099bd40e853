/**
 * Switches each guard of the gateway off in turn, to see that the simulation misses it.
 *
 * A guard that is no longer where its table says is an error and not a pass.
 */
import { divide, runAll } from './crew.ts'
import { GUARDS } from './guards.ts'

const SEEDS_MAX = 2_000
/** Before every single fault is tried. */
const SEEDS_FIRST = 300
/** More than there are. */
const CASES_MAX = 10_000
const BATCH_SIZE = 5

/**
 * @param wanted a part of the guards' names; empty for all.
 * @returns whether every guard was missed.
 */
export async function reportSabotage(
  wanted: string,
  threads: number,
  print: (line: string) => void,
): Promise<boolean> {
  let isWhole = true
  for (const { guard } of GUARDS) {
    if (!guard.includes(wanted)) continue
    const noticed = await notice(guard, threads)
    print(`${guard.padEnd(44)} ${noticed ?? `NOTICED BY NOTHING in ${SEEDS_MAX} seeds`}`)
    isWhole &&= noticed !== null
  }
  return isWhole
}

async function notice(guard: string, threads: number): Promise<string | null> {
  const batches = [
    ...divide('seed', 0, SEEDS_FIRST, BATCH_SIZE),
    ...divide('case', 0, CASES_MAX, BATCH_SIZE),
    ...divide('seed', SEEDS_FIRST, SEEDS_MAX, BATCH_SIZE),
  ]
  const assignment = { guard, stopsAtFailure: true }
  const { runs, failures } = await runAll(batches, threads, assignment, () => undefined)
  const [failure] = failures
  return failure
    ? `${runs} runs, ${failure.kind} ${failure.number}: ${failure.violations[0]}`
    : null
}
