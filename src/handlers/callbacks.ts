/**
 * `/callbacks/{provider}/{attempt}/{token}`: a provider says that there is news.
 *
 * Invariant: the body is unsigned, so nothing in it is believed. It leaves a hint on the attempt
 * and makes the task due; the runner asks the provider with our key. The answer is 2xx only once
 * the hint is in the database.
 */
import { Hono } from 'hono'
import { PROVIDER_IDS } from '../core/task'
import { isCallbackToken } from '../flow/callback-url'
import { hint } from '../flow/hint'
import { PROVIDERS } from '../providers'
import { parseJson, readText } from './body'
import type { AppEnv } from './context'
import { ApiError } from './errors'
import { refused } from './refusals'

const BODY_BYTES_MAX = 1024 * 1024

export const callbacks = new Hono<AppEnv>()

callbacks.post('/:provider/:attempt/:token', async (c) => {
  const ports = c.get('ports')
  const { attempt, token } = c.req.param()
  const provider = PROVIDER_IDS.find((id) => id === c.req.param('provider'))
  const readCallback = provider && PROVIDERS[provider].readCallback
  const unknown = new ApiError('not_found', 'There is nothing at this path.')
  if (!readCallback || !(await isCallbackToken(ports.settings, attempt, token))) throw unknown
  const reference = readCallback(parseJson(await readText(c, BODY_BYTES_MAX)))
  if (reference === null) throw new ApiError('invalid_request', 'The body names no task id.')
  const hinted = await hint(ports, provider, attempt, reference)
  if (!hinted.ok) throw refused(hinted.refusal)
  return c.json({ received: true })
})
