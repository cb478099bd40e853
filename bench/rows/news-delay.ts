/** How soon a waiting client hears that its polled picture is there, with many others in flight. */
import { withGateway } from '../gateway.ts'
import { fillUp } from '../in-flight.ts'
import { NEWS_LIMIT_MS, probe, probeAlone } from '../probes.ts'
import { type Figure, type Row, timed } from '../row.ts'
import { percentile } from '../statistics.ts'

const LEVELS = [300, 1_000, 3_000]
const GOAL_SECONDS = 2.4
const PROBES_ALONE = 8
const PROBES = 40
const PROBE_EVERY_MS = 500

export const newsDelay: Row = {
  name: 'news-delay',
  title: 'from the provider\'s "done" to the waiting client of a polled task',
  kind: 'time',
  measure: ({ say }) =>
    withGateway({ entry: 'src/index.ts' }, async (gateway, upstream) => {
      const cron = gateway.startCron()
      const figures: Figure[] = []
      let isTooLate = false
      const add = (tasks: number, delays: number[]) => {
        const seconds = percentile(delays, 0.95) / 1000
        const name = `p95 with ${tasks.toLocaleString('en')} in flight`
        figures.push(timed(name, seconds, 's', GOAL_SECONDS))
        isTooLate = seconds * 1000 >= NEWS_LIMIT_MS
        say(`${name}: ${seconds.toFixed(1)} s`)
      }
      add(1, await probeAlone(gateway, upstream, PROBES_ALONE))
      let tasks = 0
      for (const level of LEVELS) {
        // More is no faster.
        if (isTooLate) break
        await fillUp(gateway, upstream, level - tasks)
        tasks = level
        say(`${tasks} tasks are in flight`)
        add(tasks, await probe(gateway, upstream, PROBES, PROBE_EVERY_MS))
      }
      cron.stop()
      return figures
    }),
}
