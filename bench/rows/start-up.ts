/** The bundle's size, and how long a process takes to its first answer beside a bare Worker. */
import { gzipSync } from 'node:zlib'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { bindings, bundleWorker } from '../../local/gateway.ts'
import { type Row, timed } from '../row.ts'
import { median } from '../statistics.ts'

const KIB = 1024
const ROUNDS = 5
const NOWHERE = 'http://127.0.0.1:9'
const BARE = `
import { DurableObject } from 'cloudflare:workers'
export class TaskRunner extends DurableObject {}
export default { fetch: () => new Response('ok') }`

export const startUp: Row = {
  name: 'start-up',
  title: 'the bundle, and its first answer beside that of a bare Worker',
  kind: 'time',
  measure: async ({ say }) => {
    const script = await bundleWorker()
    const multiples: number[] = []
    await startAndAnswer(BARE)
    for (let number = 1; number <= ROUNDS; number++) {
      const bare = await startAndAnswer(BARE)
      const own = await startAndAnswer(script)
      multiples.push(own / bare)
      say(`round ${number}: ${own.toFixed(0)} ms, bare ${bare.toFixed(0)} ms`)
    }
    return [
      timed('bundle', script.length / KIB, 'KiB', null),
      timed('bundle, compressed', gzipSync(script).byteLength / KIB, 'KiB', null),
      timed('start to first answer, as a multiple of the bare one', median(multiples), '', null),
    ]
  },
}

/** @returns milliseconds from the start of a process to the end of its first answer. */
async function startAndAnswer(script: string): Promise<number> {
  const startedAt = performance.now()
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      script,
      compatibilityDate: '2026-10-23',
      d1Databases: ['DB'],
      r2Buckets: ['OUTPUTS'],
      durableObjects: { RUNNER: { className: 'TaskRunner', useSQLite: true } },
      bindings: bindings(NOWHERE, NOWHERE),
      handleStructuredLogs: () => undefined,
    }),
  )
  await (await miniflare.dispatchFetch('http://127.0.0.1/healthz')).text()
  const milliseconds = performance.now() - startedAt
  await miniflare.dispose()
  return milliseconds
}
