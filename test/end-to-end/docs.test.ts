/** `/docs` as it is served: from the gateway's own files, beside the Worker, and asking nobody else. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type LocalGateway, startGateway } from '../../local/gateway.ts'

/** No provider is asked for anything here. */
const NOBODY = 'http://127.0.0.1:9'

let data: string
let gateway: LocalGateway

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'imagegate-test-'))
  gateway = await startGateway(NOBODY, data, 0)
}, 60_000)

afterAll(async () => {
  await gateway.close()
  await rm(data, { recursive: true, force: true })
})

it('runs scripts of its own only, and talks to the gateway only', async () => {
  const response = await fetch(`${gateway.url}/docs`)
  expect(response.status).toBe(200)
  const policy = response.headers.get('content-security-policy') ?? ''
  const rules = new Map(policy.split('; ').map((rule) => [rule.split(' ')[0], rule]))
  expect(rules.get('default-src')).toBe("default-src 'none'")
  expect(rules.get('script-src')).toBe("script-src 'self'")
  expect(rules.get('connect-src')).toBe("connect-src 'self'")

  const page = await response.text()
  expect(page).not.toMatch(/\bhttps?:|\bon\w+="/)
  const addresses = [...page.matchAll(/(?:src|href)="(\/[^"]*)"/g)].map(([, address]) => address)
  expect(addresses).toContain('/openapi.json')
  for (const address of addresses)
    expect((await fetch(gateway.url + address)).status, address).toBe(200)
})

it('leaves every other path to the Worker', async () => {
  for (const path of ['/index.html', '/docs.html', '/scalar.js', '/_headers', '/v1/docs']) {
    const response = await fetch(gateway.url + path)
    expect(response.status, path).toBe(404)
    expect(await response.json()).toMatchObject({ error: { code: 'not_found' } })
  }
})
