/** `/v1/quotes`: what a task would cost and who would make it. Nothing is submitted. */
import { Hono } from 'hono'
import { hasSpendLimit } from '../core/spending'
import { quoteRequest } from '../flow/route'
import type { QuoteListJson } from '../wire/catalogue'
import { authenticate } from './auth'
import { readJson } from './body'
import type { AppEnv } from './context'
import { refused } from './refusals'
import { taskRequestSchema } from './task-request'

export const quotes = new Hono<AppEnv>()

quotes.post('/', async (c) => {
  const ports = c.get('ports')
  const principal = await authenticate(c)
  const request = await readJson(c, taskRequestSchema(ports.settings))
  const needsPrice = principal.kind === 'client' && hasSpendLimit(principal.key)
  const lines = await quoteRequest(ports, request, needsPrice)
  if (!lines) throw refused({ code: 'no_provider_configured' })
  return c.json({ providers: lines } satisfies QuoteListJson)
})
