/** Other names for models: asked for, served, shown, and bad settings of them. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, expect, it } from 'vitest'
import worker from '../../../src/index'
import type { ModelListJson, QuoteListJson } from '../../../src/wire/catalogue'
import type { ErrorJson } from '../../../src/wire/error'
import type { TaskJson } from '../../../src/wire/task'
import { makeKey, ORIGIN } from '../world/gateway'

const ALIASES = 'gpt-image-1=gpt-image-2, banana = nano-banana-2'

let key: string
beforeAll(async () => {
  key = await makeKey()
})

async function ask(path: string, body?: object, aliases = ALIASES): Promise<Response> {
  const context = createExecutionContext()
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const init = body ? { method: 'POST', body: JSON.stringify(body) } : {}
  const request = new Request(ORIGIN + path, { ...init, headers })
  const response = await worker.fetch(request, { ...env, MODEL_ALIASES: aliases }, context)
  await waitOnExecutionContext(context)
  return response
}

it('a task shows the name that was asked for and the model that serves it', async () => {
  const body = { prompt: 'A mask', model: 'gpt-image-1', provider: 'nanobananaapi.dev' }
  const made = await (await ask('/v1/tasks', body)).json<TaskJson>()
  expect(made).toMatchObject({ model: 'gpt-image-2', request: { model: 'gpt-image-1' } })
  const over = await (await ask(`/v1/tasks/${made.id}?wait=30`)).json<TaskJson>()
  expect(over).toMatchObject({
    status: 'succeeded',
    model: 'gpt-image-2',
    attempts: [{ model: 'gpt-image-2' }],
    request: { model: 'gpt-image-1' },
  })
})

it('a quote and fallback models know them too', async () => {
  const fallback_models = ['gpt-image-2', 'banana']
  const body = {
    prompt: 'A mask',
    model: 'gpt-image-1',
    fallback_models,
    provider: 'gptimage2api.org',
  }
  const { providers } = await (await ask('/v1/quotes', body)).json<QuoteListJson>()
  expect(providers.map(({ model }) => model)).toEqual(['gpt-image-2', 'nano-banana-2'])
})

it('the models are listed with them', async () => {
  const { data } = await (await ask('/v1/models')).json<ModelListJson>()
  expect(data.find(({ id }) => id === 'nano-banana-2')?.aliases).toEqual(['banana'])
  expect(data.find(({ id }) => id === 'nano-banana-pro')?.aliases).toEqual([])
})

it.each([
  ['model', { model: 'dall-e-3' }],
  ['model', { model: 'gpt-image-1' }, ''],
  ['model', { model: 7 }],
  ['model', { model: '' }],
  ['fallback_models', { fallback_models: ['gpt-image-2', 'dall-e-3'] }],
])('names an unknown %s: %j', async (param, fields, aliases = ALIASES) => {
  for (const path of ['/v1/tasks', '/v1/quotes']) {
    const response = await ask(path, { prompt: 'A mask', ...fields }, aliases)
    const { error } = await response.json<ErrorJson>()
    expect([response.status, error.code, error.param]).toEqual([400, 'invalid_request', param])
  }
})

it.each([
  ['dall-e-3', '"dall-e-3" must look like asked=served'],
  ['=gpt-image-2', '"=gpt-image-2" must look like asked=served'],
  ['dall-e-3=gpt-image-9', '"gpt-image-9" is no model'],
  ['a=gpt-image-2,b=a', '"a" is no model'],
  ['nano-banana-2=gpt-image-2', '"nano-banana-2" is a model already'],
  ['a=gpt-image-2,a=nano-banana-2', '"a" is a model already, or named twice'],
])('%j is a bad setting', async (aliases, message) => {
  const response = await ask('/healthz', undefined, aliases)
  const { error } = await response.json<ErrorJson>()
  expect([response.status, error.code]).toEqual([503, 'misconfigured'])
  expect(error.message).toContain(`MODEL_ALIASES: ${message}`)
})
