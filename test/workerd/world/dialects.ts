/** A client of one of the four providers, with nothing changed but its base URL and key. */
import { expect } from 'vitest'
import type { ProviderId } from '../../../src/core/request'
import type { NewKeyJson } from '../../../src/wire/key'
import type { TaskJson } from '../../../src/wire/task'
import { ADMIN_TOKEN, call, makeKey, post, readTask, untilOver } from './gateway'

export interface DialectClient {
  key: string
  send(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>
  read(path: string): Promise<Response>
}

export async function clientOf(dialect: ProviderId, limits: object = {}): Promise<DialectClient> {
  const key = Object.keys(limits).length === 0 ? await makeKey(dialect) : await limitedKey(limits)
  const base = `/compat/${dialect}`
  return {
    key,
    send: (path, body, headers) => post(base + path, key, body, headers),
    read: (path) => call(base + path, { token: key }),
  }
}

async function limitedKey(limits: object): Promise<string> {
  const response = await post('/v1/keys', ADMIN_TOKEN, { name: 'limited', ...limits })
  return (await response.json<NewKeyJson>()).key
}

/** The dialect's own provider refuses, and charges nothing. */
export const without = (own: ProviderId, prompt: string) =>
  `${prompt} ${crypto.randomUUID()} [[${own} submit=${own === 'aivideoapi.ai' ? 503 : 402}]]`

/** Runs it to its end, which another provider must have brought. */
export async function servedByAnother(
  own: ProviderId,
  { key }: DialectClient,
  id: string,
): Promise<TaskJson> {
  const task = await untilOver(key, id)
  expect(task).toMatchObject({ status: 'succeeded', error: null })
  expect(task.provider).not.toBe(own)
  return task
}

/** The task that the client made last. */
export async function latest({ key }: DialectClient): Promise<TaskJson> {
  const page = await (await call('/v1/tasks?limit=1', { token: key })).json<{ data: TaskJson[] }>()
  return readTask(key, page.data[0]?.id ?? '')
}

/** Whether what stands at an address is a picture. */
export async function expectPicture(url: string | undefined): Promise<void> {
  const response = await call(url ?? '/')
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toMatch(/^image\//)
  await response.bytes()
}
