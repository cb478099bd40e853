/** `GET /openai/v1/models`: what may be asked for, as OpenAI lists it. */
import * as z from 'zod'
import { servedModel } from '../../../core/model-alias'
import { MODELS, type Model, PROVIDER_IDS } from '../../../core/request'
import type { Ports } from '../../../flow/ports'
import { enabledProviders } from '../../../flow/route'
import { PROVIDERS } from '../../../providers'
import { json } from '../../endpoint/answer'
import { endpoint } from '../../endpoint/endpoint'
import { ApiError } from '../../errors'

const modelSchema = z
  .strictObject({
    id: z.string(),
    object: z.literal('model'),
    created: z.int().describe('Not known here: always 0.'),
    owned_by: z.string(),
  })
  .meta({ id: 'OpenAiModel', description: 'A model that this gateway can make pictures with.' })

const modelListSchema = z
  .strictObject({ object: z.literal('list'), data: z.array(modelSchema) })
  .meta({ id: 'OpenAiModelList' })

type ModelJson = z.output<typeof modelSchema>

const shown: ModelJson = modelJson('gpt-image-2')

export const listOpenAiModels = endpoint({
  id: 'listOpenAiModels',
  method: 'get',
  path: '/openai/v1/models',
  tag: 'OpenAI',
  summary: 'List models',
  description:
    'The models that an enabled provider makes, and the other names that they may be asked for by.',
  access: 'reader',
  answers: { 200: json(modelListSchema, 'The models.', { object: 'list', data: [shown] }) },
}).handle(async ({ ports }) => {
  const names = [...servedModels(ports), ...ports.settings.modelAliases.keys()]
  const data = names.filter((name) => isServed(ports, name)).map(modelJson)
  return { status: 200, body: { object: 'list', data } }
})

export const getOpenAiModel = endpoint({
  id: 'getOpenAiModel',
  method: 'get',
  path: '/openai/v1/models/{model}',
  tag: 'OpenAI',
  summary: 'Read a model',
  description: 'Says whether a model can be asked for.',
  access: 'reader',
  params: z.object({
    model: z.string().meta({ description: 'Its id.', examples: ['gpt-image-2'] }),
  }),
  answers: { 200: json(modelSchema, 'The model.', shown) },
  errors: ['model_not_found'],
}).handle(async ({ ports, params }) =>
  isServed(ports, params.model)
    ? { status: 200, body: modelJson(params.model) }
    : noSuchModel(params.model),
)

/** Whether some provider makes what goes by this name. */
export function isServed(ports: Ports, name: string): boolean {
  const model = servedModel(name, ports.settings.modelAliases)
  return model !== null && servedModels(ports).includes(model)
}

export function noSuchModel(name: string): ApiError<'model_not_found'> {
  const message = `The model "${name}" does not exist here. GET /openai/v1/models lists those that do.`
  return new ApiError('model_not_found', message, { param: 'model' })
}

function servedModels(ports: Ports): Model[] {
  const enabled = PROVIDER_IDS.filter((id) => enabledProviders(ports).has(id))
  return MODELS.filter((model) => enabled.some((id) => PROVIDERS[id].models[model]))
}

function modelJson(id: string): ModelJson {
  return { id, object: 'model', created: 0, owned_by: 'imagegate' }
}
