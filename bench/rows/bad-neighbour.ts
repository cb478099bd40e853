/** What the tasks of other providers notice of one that no longer answers. */
import { withGateway } from '../gateway.ts'
import { fillUp } from '../in-flight.ts'
import { probe } from '../probes.ts'
import { type Row, timed } from '../row.ts'
import { percentile } from '../statistics.ts'
import { POLLED_PROVIDER } from '../task-costs.ts'

const NEIGHBOURS = 100
const ROUNDS = 2
const PROBES = 30
const PROBE_EVERY_MS = 300

export const badNeighbour: Row = {
  name: 'bad-neighbour',
  title: `${NEIGHBOURS} tasks of a provider that hangs, noticed by those of another one`,
  kind: 'time',
  measure: ({ say }) =>
    withGateway({ entry: 'src/index.ts' }, async (gateway, upstream) => {
      await fillUp(gateway, upstream, NEIGHBOURS, [POLLED_PROVIDER])
      const cron = gateway.startCron()
      // The first ones meet a process that is still warming up.
      await probe(gateway, upstream, PROBES, PROBE_EVERY_MS)
      const good: number[] = []
      const bad: number[] = []
      for (let number = 1; number <= ROUNDS; number++) {
        good.push(...(await probe(gateway, upstream, PROBES, PROBE_EVERY_MS)))
        const hanging = upstream.hang(POLLED_PROVIDER)
        bad.push(...(await probe(gateway, upstream, PROBES, PROBE_EVERY_MS)))
        hanging.release()
        say(`round ${number} is over`)
      }
      cron.stop()
      const multiple = percentile(bad, 0.95) / percentile(good, 0.95)
      return [timed('p95 of the others, as a multiple of theirs without it', multiple, '', 1.1)]
    }),
}
