/** `/compat/gptimage2api.org`: for clients of gptimage2api.org, served by whichever provider is up. */
import type { TaskRequest } from '../../core/request'
import type { Ports } from '../../flow/ports'
import { expectedCredits } from '../../flow/price'
import { quoteRequest } from '../../flow/route'
import { taskJson } from '../../flow/task-json'
import {
  fromGptimage2api,
  type Gptimage2apiTask,
  gptimage2apiAcceptedSchema,
  gptimage2apiRequestSchema,
  gptimage2apiTask,
  gptimage2apiTaskSchema,
} from '../../wire/dialects/gptimage2api.org'
import { keyIdOf } from '../auth'
import { json } from '../endpoint/answer'
import { jsonBody } from '../endpoint/body'
import { endpoint } from '../endpoint/endpoint'
import { ApiError, invalid, isApiError } from '../errors'
import { CREATED_AT, ENDED_AT, SIGNED, TASK_ID, taskParams } from '../tasks/examples'
import { findTask } from '../tasks/find'
import { ownField } from '../tasks/request'
import { makeHeaders, makeTask, TOLD_HEADERS } from './make'
import { TASK_REFUSALS } from './task-errors'

const TAG = 'As gptimage2api.org'

const completed: Gptimage2apiTask = {
  id: TASK_ID,
  type: 'image',
  status: 1,
  outputImageUrls: [`https://gateway.example.com/v1/tasks/${TASK_ID}/outputs/0?${SIGNED}`],
  createdAt: CREATED_AT,
  completedAt: ENDED_AT,
  creditsUsed: 4.7,
  creditRefunded: false,
}

export const gptimage2apiGenerate = endpoint({
  id: 'gptimage2apiGenerate',
  method: 'post',
  path: '/compat/gptimage2api.org/api/ai/image/generate',
  tag: TAG,
  summary: 'Generate image',
  description: 'Answers at once. Poll the task until its `status` is 1 or 2.',
  access: 'maker',
  headers: makeHeaders,
  body: jsonBody(gptimage2apiRequestSchema),
  answers: {
    200: json(
      gptimage2apiAcceptedSchema,
      'The task was accepted.',
      { taskId: TASK_ID, status: 0, creditsUsed: 4.7 },
      TOLD_HEADERS,
    ),
  },
  errors: TASK_REFUSALS,
  examples: [
    {
      title: 'A picture',
      body: { model: 'gpt-image-2', prompt: 'A paper boat on a puddle', aspectRatio: '4:5' },
    },
  ],
}).handle(async ({ ports, caller, headers, body }) => {
  const own = ownField('gptimage2api.org', { providerInput: body.providerInput ?? {} })
  if (own) return invalid('providerInput', `providerInput can't set ${own}; use the field.`)
  const request = fromGptimage2api(body)
  const made = await makeTask(ports, caller, request, headers, 'inputImageUrls')
  if (isApiError(made)) {
    if (made.code !== 'spend_limit_exceeded') return made
    const required = await firstPrice(ports, request)
    return new ApiError('spend_limit_exceeded', made.message, { ...made.details, required })
  }
  const shown = await taskJson(ports.settings, made.task, ports.now())
  const { id, status, creditsUsed } = gptimage2apiTask(shown, expectedCredits(ports, made.task))
  return { status: 200, body: { taskId: id, status, creditsUsed }, headers: made.headers }
})

/** Credits that the first provider in line asks. */
async function firstPrice(ports: Ports, request: TaskRequest): Promise<number> {
  const quotes = await quoteRequest(ports, request, true)
  return quotes?.find(({ eligible }) => eligible)?.credits ?? 0
}

export const gptimage2apiGetTask = endpoint({
  id: 'gptimage2apiGetTask',
  method: 'get',
  path: '/compat/gptimage2api.org/api/ai/tasks/{id}',
  tag: TAG,
  summary: 'Get task status',
  description: '`status` is 0 while it runs, then 1 or 2. It costs nothing to ask often.',
  access: 'reader',
  params: taskParams,
  answers: { 200: json(gptimage2apiTaskSchema, 'The task.', completed) },
  errors: ['task_not_found'],
}).handle(async ({ ports, caller, params }) => {
  const task = await findTask(ports, params.id, keyIdOf(caller))
  if (isApiError(task)) return task
  const shown = await taskJson(ports.settings, task, ports.now())
  return { status: 200, body: gptimage2apiTask(shown, expectedCredits(ports, task)) }
})
