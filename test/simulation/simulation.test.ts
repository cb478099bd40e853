/** The part of the simulation that runs with every change; `npm run simulate` goes further. */
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { type Report, runOne } from './drive/batch.ts'
import { loadSimulation } from './drive/bundle.ts'
import { divide, runAll } from './drive/crew.ts'
import { GUARDS } from './drive/guards.ts'
import { readSwitchedOff, withoutIndex } from './drive/switch-off.ts'

const THREADS = 2
const SEEDS = 250
const BATCH_SIZE = 25
const HONEST = { guard: null, stopsAtFailure: false }

const simulation = await loadSimulation()

describe('the simulation', () => {
  it('replays a seed identically', async () => {
    for (const seed of [1, 2, 3]) {
      const first = await runOne(simulation, 'seed', seed)
      await runOne(simulation, 'seed', seed + 100)
      const second = await runOne(simulation, 'seed', seed)
      expect(second?.fingerprint).toBe(first?.fingerprint)
      expect(first?.events).toBeGreaterThan(10)
    }
  })

  it.each(GUARDS)('knows where to switch off: $guard', async (guard) => {
    if ('index' in guard)
      expect(withoutIndex(simulation.migrations, guard.index)).not.toEqual(simulation.migrations)
    else await expect(readSwitchedOff(guard)).resolves.toContain(guard.name)
  })

  it('complains of a guard that is not where it is said to be', async () => {
    const gone = { guard: 'gone', file: 'src/core/schedule.ts', name: 'NO_SUCH_MS' }
    await expect(readSwitchedOff({ ...gone, instead: 1 })).rejects.toThrow('NO_SUCH_MS')
    await expect(readSwitchedOff({ ...gone, instead: () => null })).rejects.toThrow('NO_SUCH_MS')
    expect(() => withoutIndex(simulation.migrations, 'no_such_index')).toThrow('no_such_index')
  })

  it('has every guard in the table of what is shown', async () => {
    const shown = await readFile('docs/reliability.md', 'utf8')
    const table = shown.slice(
      shown.indexOf('| guard switched off |'),
      shown.indexOf('Runs are counted'),
    )
    const names = [...table.matchAll(/^\| (.+?) \|/gm)].map(([, name]) => name).slice(1)
    expect(names.toSorted()).toEqual(GUARDS.map(({ guard }) => guard).toSorted())
  })

  it('keeps every promise under every single fault at every operation', async () => {
    const cases = await simulation.module.everyCase(simulation.migrations)
    const count = cases.findIndex(({ story }) => !story.isQuick)
    expect(count).toBeGreaterThan(1_000)
    expectWhole(await runAll(divide('case', 0, count, BATCH_SIZE), THREADS, HONEST, ignore))
  })

  it('keeps every promise under many faults at once', async () => {
    const report = await runAll(divide('seed', 0, SEEDS, BATCH_SIZE), THREADS, HONEST, ignore)
    expect(report.runs).toBe(SEEDS)
    expect(report.strikes).toBeGreaterThan(SEEDS)
    expectWhole(report)
  })
})

/** What is shown is what to replay: `npm run simulate -- --seed 12`. */
function expectWhole({ failures }: Report): void {
  const broken = failures.map(
    ({ kind, number, violations }) => `--${kind} ${number}: ${violations}`,
  )
  expect(broken).toEqual([])
}

function ignore(): void {}
