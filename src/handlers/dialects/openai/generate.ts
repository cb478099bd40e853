/** `POST /openai/v1/images/generations`: a picture from words. */
import { jsonBody } from '../../endpoint/body'
import { endpoint } from '../../endpoint/endpoint'
import { isApiError } from '../../errors'
import { TASK_FAILURES, TASK_REFUSALS } from '../task-errors'
import { answerWith, imagesAnswer } from './answer'
import { generationSchema } from './fields'
import { requestHeaders, takeOn } from './task'

const EVENT = 'image_generation.completed'

export const createOpenAiImage = endpoint({
  id: 'createOpenAiImage',
  method: 'post',
  path: '/openai/v1/images/generations',
  tag: 'OpenAI',
  summary: 'Make a picture',
  description:
    'Answers when the picture is there, which may take minutes; the connection is held until then. Behind a proxy that cuts silent connections, use `stream: true`, or `POST /v1/tasks`.\n\nA client that gives up loses nothing: what the SDKs send again joins the same task.',
  access: 'client',
  headers: requestHeaders,
  body: jsonBody(generationSchema),
  answers: { 200: imagesAnswer(EVENT) },
  errors: [...TASK_REFUSALS, ...TASK_FAILURES],
  examples: [
    { title: 'A picture', body: { prompt: 'A paper boat on a puddle', size: '1536x1024' } },
    { title: 'As events', body: { prompt: 'A paper boat at night', stream: true } },
  ],
}).handle(async ({ ports, caller, headers, body, request }) => {
  const accepted = await takeOn(ports, caller, body, [], headers, request.signal)
  return isApiError(accepted) ? accepted : answerWith(ports, accepted, body, EVENT, request.signal)
})
