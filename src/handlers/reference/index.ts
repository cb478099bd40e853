/**
 * `/openapi.json` and `/docs`: the reference, for machines and for people.
 *
 * Both are made once in the life of an isolate; they depend on nothing but the settings.
 */
import { Hono } from 'hono'
import { encodeBase64 } from '../../core/signature'
import type { Settings } from '../../settings'
import type { AppEnv } from '../context'
import { describeGateway } from './document'
import { renderPage } from './page/page'
import { STYLE } from './page/style'

const CACHE_CONTROL = 'public, max-age=300'

interface Reference {
  json: string
  page: Promise<string>
  contentSecurityPolicy: Promise<string>
}

const made = new WeakMap<Settings, Reference>()

function referenceOf(settings: Settings): Reference {
  const known = made.get(settings)
  if (known) return known
  const document = describeGateway(settings)
  const reference = {
    json: JSON.stringify(document),
    page: renderPage(document),
    contentSecurityPolicy: policyOf(STYLE),
  }
  made.set(settings, reference)
  return reference
}

export const reference = new Hono<AppEnv>()

reference.get('/openapi.json', (c) => {
  const { json } = referenceOf(c.get('ports').settings)
  return c.body(json, 200, { 'Content-Type': 'application/json', 'Cache-Control': CACHE_CONTROL })
})

reference.get('/docs', async (c) => {
  const { page, contentSecurityPolicy } = referenceOf(c.get('ports').settings)
  return c.html(await page, 200, {
    'Content-Security-Policy': await contentSecurityPolicy,
    'Cache-Control': CACHE_CONTROL,
    'X-Content-Type-Options': 'nosniff',
  })
})

/** Nothing may be loaded and nothing run; only this very style sheet counts. */
async function policyOf(style: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style))
  return `default-src 'none'; style-src 'sha256-${encodeBase64(new Uint8Array(hash))}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
}
