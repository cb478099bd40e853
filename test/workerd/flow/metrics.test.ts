/** What is counted of a task's way, at the platform's own dataset, and the queries that are documented for it. */
import { createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest'
import operating from '../../../docs/operating.md?raw'
import { BLOBS, DOUBLES, pointOf } from '../../../src/flow/metrics'
import { openPorts } from '../../../src/platform'
import { call, makeKey, runTask, until } from '../world/gateway'

const dataset = env.METRICS
if (!dataset) throw new Error('The world has no METRICS.')

let spy: MockInstance<AnalyticsEngineDataset['writeDataPoint']>
let log: MockInstance<typeof console.log>
beforeEach(() => {
  // Each runner is given an object of its own; what it does is in their class.
  spy = vi.spyOn(Object.getPrototypeOf(dataset), 'writeDataPoint')
  log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
})
afterEach(() => vi.restoreAllMocks())

/** The points so far, without their durations. */
const points = () => spy.mock.calls.map(([point]) => point?.blobs)

describe('metrics', () => {
  it('count each submission, picture, end and webhook, by provider', async () => {
    const key = await makeKey()
    const callback_url = `https://client.example.com/fails/${crypto.randomUUID()}`
    const providers = ['gptimage2.ai', 'nanobananaapi.dev']
    const prompt = 'Two tries [[gptimage2.ai submit=401]]'
    const { id } = await runTask(key, { prompt, providers, callback_url })
    await until(key, id, () => points().some((blobs) => blobs?.[0] === 'deliver'))

    expect(points()).toEqual([
      ['submit', 'gptimage2.ai', 'refused', ''],
      ['attempt', 'gptimage2.ai', 'rejected', 'provider'],
      ['submit', 'nanobananaapi.dev', 'finished', ''],
      ['store', 'nanobananaapi.dev', 'stored', ''],
      ['attempt', 'nanobananaapi.dev', 'succeeded', ''],
      ['task', 'nanobananaapi.dev', 'succeeded', ''],
      ['deliver', '', 'failed', 'HTTP 500'],
    ])
    for (const [point] of spy.mock.calls) {
      expect(point?.indexes).toEqual([point?.blobs?.[0]])
      expect(point?.doubles).toEqual([expect.any(Number)])
    }
    const { completed_at, created_at } = await readTimes(key, id)
    const task = spy.mock.calls.find(([point]) => point?.indexes?.[0] === 'task')?.[0]
    expect(task?.doubles).toEqual([completed_at - created_at])
  })

  it('cost nothing and say nothing without the binding', () => {
    const bare = { ...env, METRICS: undefined }
    openPorts(bare, createExecutionContext()).log({ event: 'submit', milliseconds: 1 })
    expect(spy).not.toHaveBeenCalled()
    expect(log).toHaveBeenCalledOnce()
  })

  it('never get in the way', () => {
    spy.mockImplementation(() => {
      throw new TypeError('Too much.')
    })
    openPorts(env, createExecutionContext()).log({ event: 'submit', milliseconds: 1 })
    expect(log).toHaveBeenLastCalledWith(
      JSON.stringify({ event: 'metrics_failed', reason: 'TypeError' }),
    )
  })

  it('leave out what is only told', () => {
    expect(pointOf({ event: 'request', milliseconds: 1 })).toBeNull()
    expect(pointOf({ event: 'task', outcome: 'processing' })).toBeNull()
  })
})

describe('the documented queries', () => {
  const [section = ''] = /## Metrics\n[\s\S]*?(?=\n## )/.exec(operating) ?? []
  const queries = [...section.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql = '']) => sql)
  const columns = new Map<string, string>([
    ...BLOBS.map((name, position) => [`blob${position + 1}`, name] as const),
    ...DOUBLES.map((name, position) => [`double${position + 1}`, name] as const),
  ])

  it('explain each column', () => {
    const rows = [...section.matchAll(/^\| `((?:blob|double)\d)` \| (\w+) \|/gm)]
    expect(new Map(rows.map(([, column = '', name = '']) => [column, name]))).toEqual(columns)
  })

  it('ask for columns that are there, under their names, and for values that come', () => {
    expect(queries).toHaveLength(3)
    for (const sql of queries) {
      expect(sql).toContain('FROM imagegate\n')
      for (const [column] of sql.matchAll(/\b(?:blob|double)\d+/g))
        expect([...columns.keys()]).toContain(column)
      for (const [, column = '', name] of sql.matchAll(/\b(blob\d+) AS (\w+)/g))
        expect(name).toBe(columns.get(column))
    }
    const values = [...section.matchAll(/\b(blob\d) = '(\w*)'/g)].map(([, column, value]) => [
      column,
      value,
    ])
    expect(new Set(values.map(String))).toEqual(
      new Set([
        'blob1,attempt',
        'blob1,deliver',
        'blob3,succeeded',
        'blob3,failed',
        'blob4,',
        'blob4,provider',
      ]),
    )
  })
})

async function readTimes(key: string, id: string) {
  const task = await (await call(`/v1/tasks/${id}`, { token: key })).json<Record<string, string>>()
  const time = (name: string) => Date.parse(task[name] ?? '')
  return { created_at: time('created_at'), completed_at: time('completed_at') }
}
