/** `/v1/quotes`: what a task would cost and who would make it. Nothing is submitted. */
import { Hono } from 'hono'
import { hasSpendLimit } from '../core/spending'
import { quoteRequest } from '../flow/route'
import type { QuoteListJson } from '../wire/catalogue'
import { authenticate } from './auth'
import { readJson } from './body'
import type { AppEnv } from './context'
import { noProviderConfigured } from './errors'
import { taskRequestSchema } from './task-request'

export const quotes = new Hono<AppEnv>()

quotes.post('/', async (c) => {
  const engine = c.get('engine')
  const principal = await authenticate(c)
  const request = await readJson(c, taskRequestSchema(engine.settings))
  const needsPrice = principal.kind === 'client' && hasSpendLimit(principal.key)
  const lines = await quoteRequest(engine, request, needsPrice)
  if (!lines) throw noProviderConfigured()
  return c.json({ providers: lines } satisfies QuoteListJson)
})
