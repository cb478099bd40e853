/** The gateway's log, told for people. */
import { expect, it } from 'vitest'
import { narrate } from '../../local/narration.ts'

const record = (fields: object) => JSON.stringify({ task: 'task_0123456789abcdef', ...fields })

it.each([
  [{ event: 'accept' }, 'accepted'],
  [
    { event: 'submit', provider: 'gptimage2.ai', outcome: 'refused', milliseconds: 1234 },
    'submitted to gptimage2.ai: refused, after 1.2 s',
  ],
  [
    { event: 'store', outcome: 'failed', reason: 'HTTP 404', milliseconds: 50 },
    'picture failed (HTTP 404), after 0.1 s',
  ],
  [{ event: 'task', outcome: 'succeeded' }, 'succeeded'],
])('%j', (fields, line) => {
  expect(narrate('log', record(fields))).toMatch(/^\d\d:\d\d:\d\d {2}…abcdef {2}/)
  expect(narrate('log', record(fields))?.endsWith(line)).toBe(true)
})

it('leaves out what is no news of a task', () => {
  expect(narrate('log', JSON.stringify({ event: 'request', route: '/v1/tasks' }))).toBeNull()
  expect(narrate('log', record({ event: 'metrics_failed' }))).toBeNull()
  expect(narrate('log', 'a word')).toBeNull()
})

it('takes the reason out of a report of the runtime, and no stack', () => {
  const report = `e = rust/worker/ffi.rs:110: failed: failed to lookup address information: Name or service not known
stack: /x/bin/workerd@26b6840 /x/bin/workerd@3739630; wdErrId = r8dckrcjtup535o8tai0hlfc`
  expect(narrate('error', report)).toBe(
    'The runtime: failed to lookup address information: Name or service not known',
  )
})

it('lets an error of the code through as it is', () => {
  const error = 'TypeError: x is not a function\n    at submit (src/flow/submit.ts:1:1)'
  expect(narrate('error', error)).toBe(error)
})
