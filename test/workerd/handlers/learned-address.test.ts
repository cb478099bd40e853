/** The address that a gateway learns from its operator's first request, and from nobody else's. */
import { createExecutionContext, createScheduledController } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import worker from '../../../src/index'
import type { ErrorJson } from '../../../src/wire/error'
import { ADMIN_TOKEN } from '../world/gateway'

const HOST = 'https://imagegate.ann.workers.dev'

/** Each is an isolate of its own, which remembers nothing of the others. */
const unset = (secrets: Record<string, string> = {}) => ({ ...env, PUBLIC_URL: '', ...secrets })

async function ask(host: string, token: string | null, isolate = unset()) {
  const headers: HeadersInit = token === null ? {} : { Authorization: `Bearer ${token}` }
  const request = new Request(`${host}/v1/keys`, { headers })
  const response = await worker.fetch(request, isolate, createExecutionContext())
  if (response.ok) return response.status
  const { error }: ErrorJson = await response.json()
  return error.code
}

const learned = async () => {
  const { results } = await env.DB.prepare('SELECT public_url FROM gateway').all()
  return results.map((row) => row.public_url)
}

it('is learned once, from the admin token at an address that others can reach', async () => {
  const example = 'an-admin-token-that-everybody-knows-not-for-production'
  expect(await ask('https://evil.example.com', null)).toBe('misconfigured')
  expect(await ask('https://evil.example.com', 'a-token-that-is-not-the-right-one')).toBe(
    'misconfigured',
  )
  expect(await ask(HOST, example, unset({ ADMIN_TOKEN: example }))).toBe('misconfigured')
  expect(await ask('http://localhost:8787', ADMIN_TOKEN)).toBe('misconfigured')
  await worker.scheduled(createScheduledController(), unset(), createExecutionContext())
  expect(await learned()).toEqual([])

  const isolate = unset()
  expect(await ask(HOST, ADMIN_TOKEN, isolate)).toBe(200)
  expect(await learned()).toEqual([HOST])

  expect(await ask('https://other.example.com', ADMIN_TOKEN)).toBe(200)
  expect(await ask('https://other.example.com', ADMIN_TOKEN, isolate)).toBe(200)
  expect(await learned()).toEqual([HOST])
})
