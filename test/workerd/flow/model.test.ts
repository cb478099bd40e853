/**
 * Any order of requests, repeats, ticks, callbacks, crashes and lapses of time, against a small
 * model.
 *
 * What holds after every command: a task is seen by its key alone, a terminal status never
 * changes, nothing is paid more often than allowed. What holds at the end: exactly the accepted
 * tasks exist, and each has ended as its story may end. And every kind of command occurred.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Command, commands, KINDS } from './model-commands'
import { Play } from './model-play'
import { World } from './model-world'

/** Printed with the counterexample; change it to look elsewhere. */
const SEED = 20_260_424
const RUNS = 16
/** How often each kind of command must have done something. */
const TIMES_MIN = 1
const TIME_LIMIT_MS = 240_000

it('keeps its promises whatever happens in whatever order', async () => {
  const tally = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(commands, (list) => play(list, tally)),
    {
      seed: SEED,
      numRuns: RUNS,
      interruptAfterTimeLimit: TIME_LIMIT_MS,
      markInterruptAsFailure: true,
    },
  )
  expect(KINDS.filter((kind) => (tally.get(kind) ?? 0) < TIMES_MIN)).toEqual([])
}, 300_000)

async function play(list: Command[], tally: Map<string, number>): Promise<void> {
  const world = new World()
  const clients = [await world.makeClient('one'), await world.makeClient('two')]
  await new Play(world, clients).run(list, (kind) => tally.set(kind, (tally.get(kind) ?? 0) + 1))
}
