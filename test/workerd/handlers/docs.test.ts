/** `/docs`: a page that loads nothing, runs nothing and leads everywhere. */
import { expect, it } from 'vitest'
import { call } from '../world/gateway'

it('loads nothing and runs nothing', async () => {
  const response = await call('/docs')
  expect(response.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; style-src 'sha256-[\w+/]{43}='/,
  )
  const page = await response.text()
  expect(page).not.toMatch(/<(script|link|img|iframe|object)\b|\bstyle="|\bon\w+="/)
  const style = /<style>([\s\S]*)<\/style>/.exec(page)?.[1] ?? ''
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style))
  expect(response.headers.get('content-security-policy')).toContain(
    btoa(String.fromCharCode(...new Uint8Array(hash))),
  )
})

it('leads from every link to a place on it, and names no place twice', async () => {
  const page = await (await call('/docs')).text()
  const places = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
  const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id)
  expect(new Set(places).size).toBe(places.length)
  expect([...new Set(links)].filter((link) => !places.includes(link))).toEqual([])
  expect(places).toEqual(expect.arrayContaining(['createTask', 'Task', 'errors', 'webhookTest']))
})

it('shows text of schemas as text', async () => {
  const page = await (await call('/docs')).text()
  expect(page).not.toMatch(/\[object |undefined|&amp;(amp|lt|quot|#39);/)
})
