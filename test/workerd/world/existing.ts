/** One of everything that can be had, with nothing left to happen to it, and its endpoints' paths. */
import { env } from 'cloudflare:workers'
import { callbackUrl } from '../../../src/flow/callback-url'
import type { NewKeyJson } from '../../../src/wire/key'
import type { UploadJson } from '../../../src/wire/upload'
import type { Endpoint } from './endpoints'
import { ADMIN_TOKEN, call, makeKey, post, runTask, testPorts } from './gateway'

const PAUSE_MS = 50

export interface Existing {
  /** The key that the task, its delivery and the upload belong to. */
  owner: string
  stranger: string
  /** What each parameter of its path is called here. */
  idsFor(endpoint: Endpoint): Record<string, string>
}

export async function makeExisting(): Promise<Existing> {
  const response = await post('/v1/keys', ADMIN_TOKEN, { name: 'owner' })
  const { id: keyId, key: owner } = await response.json<NewKeyJson>()
  const callback_url = `https://client.example.com/ok/${crypto.randomUUID()}`
  const request = { prompt: 'A heirloom', provider: 'aivideoapi.ai', callback_url }
  const task = await runTask(owner, request)
  const output = `/v1/tasks/${task.id}/outputs/0`
  const picture = await (await call(output, { token: owner })).arrayBuffer()
  const upload = await call('/v1/uploads', { method: 'POST', token: owner, body: picture })
  const { id: uploadId } = await upload.json<UploadJson>()
  const delivery = await deliveryOf(task.id)
  const row = await env.DB.prepare('select id from attempts where task_id = ?')
    .bind(task.id)
    .first()
  const attempt = String(row?.id)
  const url = await callbackUrl(testPorts().settings, 'aivideoapi.ai', attempt)
  const callback = { provider: 'aivideoapi.ai', attempt, token: url.split('/').at(-1) ?? '' }
  const idsFor = ({ path }: Endpoint) => {
    if (path.startsWith('/v1/keys')) return { id: keyId }
    if (path.startsWith('/v1/uploads')) return { id: uploadId }
    if (path.startsWith('/v1/attempts')) return { id: attempt }
    return { ...callback, id: task.id, jobId: task.id, delivery, index: '0' }
  }
  return { owner, stranger: await makeKey('stranger'), idsFor }
}

/** The task's webhook, once it has arrived. */
async function deliveryOf(taskId: string): Promise<string> {
  const statement = 'select id from deliveries where task_id = ? and delivered_at is not null'
  for (;;) {
    const row = await env.DB.prepare(statement).bind(taskId).first()
    if (row) return String(row.id)
    await scheduler.wait(PAUSE_MS)
  }
}
