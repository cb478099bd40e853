/** A paid picture that is not at hand is asked for again, and its job never resubmitted. */
import { env } from 'cloudflare:workers'
import { beforeAll, expect, it } from 'vitest'
import {
  backdate,
  call,
  makeKey,
  makeTask,
  paidJobs,
  runTask,
  strangers,
  uniquePrompt,
  until,
  untilOver,
} from '../world/gateway'
import { attemptsOf } from '../world/rows'

let key: string
beforeAll(async () => {
  key = await makeKey()
})

it.each(['404', '500', 'html', 'svg', 'cut', 'private', 'private-direct', 'redirects', 'expires'])(
  'asks again for one that came as %s, and never resubmits',
  async (fault) => {
    const prompt = uniquePrompt(`A relic [[picture=${fault} times=1]]`)
    const task = await runTask(key, { prompt, provider: 'gptimage2.ai' })
    expect(task.status).toBe('succeeded')
    expect(await paidJobs(prompt)).toHaveLength(1)
    const path = `/v1/tasks/${task.id}/outputs/0`
    const bytes = await (await call(path, { token: key })).bytes()
    expect(new TextDecoder('latin1').decode(bytes.slice(-8, -4))).toBe('IEND')
  },
)

it('never follows a redirect to a private address', async () => {
  await runTask(key, {
    prompt: 'A trap [[picture=private times=1]]',
    provider: 'nanobananaapi.dev',
  })
  expect(await strangers()).toEqual([])
})

it('follows a redirect', async () => {
  const task = await runTask(key, {
    prompt: 'A detour [[picture=redirect times=1]]',
    provider: 'gptimage2.ai',
  })
  expect(task.status).toBe('succeeded')
})

it('knows that a job was charged although its answer names no picture', async () => {
  const { id } = await makeTask(key, {
    prompt: 'A void [[finish=empty]]',
    provider: 'gptimage2api.org',
  })
  await until(key, id, (task) => task.attempts[0]?.charged === 'yes')
  await backdate(id, 'deadline_at')
  expect(await untilOver(key, id)).toMatchObject({
    error: { code: 'output_unavailable' },
    cost: { credits: 3, charged: 'yes' },
  })
})

it('gives up at the deadline with output_unavailable', async () => {
  const prompt = uniquePrompt('A mirage [[picture=404]]')
  const { id } = await makeTask(key, { prompt, provider: 'nanobananaapi.dev' })
  await until(key, id, (task) => task.attempts[0]?.status === 'succeeded')
  await backdate(id, 'deadline_at')
  await backdate(id, 'due_at')
  expect(await untilOver(key, id)).toMatchObject({
    status: 'failed',
    error: { code: 'output_unavailable' },
    cost: { charged: 'yes' },
  })
  expect(await paidJobs(prompt)).toHaveLength(1)
})

it('adopts a picture that an earlier run stored but did not record', async () => {
  const { id } = await makeTask(key, {
    prompt: 'A twin [[picture=404]]',
    provider: 'nanobananaapi.dev',
  })
  const { attempts } = await until(key, id, (task) => task.attempts[0]?.status === 'succeeded')
  expect(attempts).toHaveLength(1)
  const [attempt] = await attemptsOf(id)
  const png = Uint8Array.from('\x89PNG\r\n\x1a\nrest', (character) => character.charCodeAt(0))
  await env.OUTPUTS.put(`outputs/${id}/${attempt?.id}/0`, png, {
    httpMetadata: { contentType: 'image/png' },
  })
  await env.DB.prepare('update outputs set retry_at = 1 where task_id = ?').bind(id).run()
  await backdate(id, 'due_at')
  const task = await untilOver(key, id)
  expect(task).toMatchObject({
    status: 'succeeded',
    outputs: [{ bytes: png.byteLength, width: null }],
  })
})
