/** Accepting a task beside the least that it could be: a row inserted, an object woken. */
import { type Gateway, withGateway } from '../gateway.ts'
import { type Row, timed } from '../row.ts'
import { median, percentile } from '../statistics.ts'

const ROUNDS = 5
const ROUND_MS = 4_000
const AT_ONCE = 16

interface Round {
  perSecond: number
  p99Ms: number
}

/** Of the gateway beside the bare Worker. */
interface Ratios {
  rate: number
  p99: number
}

export const accepting: Row = {
  name: 'accepting',
  title: 'accepting, beside a bare Worker that inserts a row and wakes an object',
  kind: 'time',
  measure: async ({ say }) => {
    const onDisk = await compare(true, say)
    const inMemory = await compare(false, say)
    return [
      timed('requests a second, as a share of the bare ones', onDisk.rate, '', { least: 0.7 }),
      timed('p99, as a multiple of the bare one', onDisk.p99, '', 1.5),
      timed('requests a second, as a share, where writing is free', inMemory.rate, '', null),
    ]
  },
}

function compare(isOnDisk: boolean, say: (progress: string) => void): Promise<Ratios> {
  return withGateway({ entry: 'bench/workers/accepting.ts', isOnDisk }, async (gateway) => {
    await (await gateway.database).exec('create table bare (id text primary key, task text)')
    const rates: number[] = []
    const tails: number[] = []
    await round(gateway, '/v1/tasks')
    await round(gateway, '/_bench/bare')
    for (let number = 1; number <= ROUNDS; number++) {
      const bare = await round(gateway, '/_bench/bare')
      const own = await round(gateway, '/v1/tasks')
      rates.push(own.perSecond / bare.perSecond)
      tails.push(own.p99Ms / bare.p99Ms)
      const place = isOnDisk ? 'disk' : 'memory'
      const [perSecond, barePerSecond] = [own.perSecond.toFixed(0), bare.perSecond.toFixed(0)]
      say(`${place}, round ${number}: ${perSecond}/s, bare ${barePerSecond}/s`)
    }
    return { rate: median(rates), p99: median(tails) }
  })
}

async function round(gateway: Gateway, path: string): Promise<Round> {
  const times: number[] = []
  const headers = { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ prompt: 'A lighthouse on a cliff at dusk, oil on canvas' })
  const startedAt = performance.now()
  const send = async () => {
    for (let sentAt = startedAt; sentAt - startedAt < ROUND_MS; sentAt = performance.now()) {
      const response = await fetch(gateway.url + path, { method: 'POST', headers, body })
      if (response.status !== 202) throw new Error(`${path} answered ${await response.text()}`)
      await response.arrayBuffer()
      times.push(performance.now() - sentAt)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, send))
  const seconds = (performance.now() - startedAt) / 1000
  return { perSecond: times.length / seconds, p99Ms: percentile(times, 0.99) }
}
