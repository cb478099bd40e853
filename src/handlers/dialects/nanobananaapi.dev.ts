/**
 * `/compat/nanobananaapi.dev`: for clients of nanobananaapi.dev, served by whichever provider is up.
 *
 * The answer is the picture, so it is held until there is one, or until the task has failed. A client that
 * goes away loses nothing: the task goes on, and `/v1` has it.
 */
import { isTerminal } from '../../core/task'
import type { Client } from '../../flow/accept'
import type { Ports } from '../../flow/ports'
import { taskJson } from '../../flow/task-json'
import { untilSettled } from '../../flow/wait'
import {
  fromNanobananaapi,
  type NanobananaapiEdit,
  type NanobananaapiRequest,
  nanobananaapiAnswer,
  nanobananaapiEditSchema,
  nanobananaapiPictureSchema,
  nanobananaapiPicturesSchema,
  nanobananaapiRequestSchema,
} from '../../wire/dialects/nanobananaapi.dev'
import type { TaskJson } from '../../wire/task'
import { json } from '../endpoint/answer'
import { jsonBody } from '../endpoint/body'
import { endpoint } from '../endpoint/endpoint'
import { ApiError, isApiError } from '../errors'
import { SIGNED, TASK_ID } from '../tasks/examples'
import { type Made, makeHeaders, makeTask, TOLD_HEADERS } from './make'
import { TASK_FAILURES, TASK_REFUSALS } from './task-errors'

const TAG = 'As nanobananaapi.dev'
const HELD =
  'Holds the answer until the picture is there, at the longest to the deadline of the task. What sits between and ends silent connections must be patient; a repeat with the same `Idempotency-Key` waits for the same task.'

const ERRORS = [...TASK_REFUSALS, ...TASK_FAILURES] as const

const url = `https://gateway.example.com/v1/tasks/${TASK_ID}/outputs/0?${SIGNED}`
const told = { id: TASK_ID, created: 1_795_334_400, costCredits: 4.7 }
const picture = json(
  nanobananaapiPictureSchema,
  'The picture.',
  { ...told, data: { url } },
  TOLD_HEADERS,
)

const EDIT_EXAMPLE = {
  title: 'An edit',
  body: {
    model: 'gpt-image-2',
    prompt: 'The same boat, at night',
    image: 'https://pictures.example.com/boat.png',
    size: 'auto',
  },
}

export const nanobananaapiGenerate = endpoint({
  id: 'nanobananaapiGenerate',
  method: 'post',
  path: '/compat/nanobananaapi.dev/v1/images/generate',
  tag: TAG,
  summary: 'Make a picture',
  description: HELD,
  access: 'maker',
  headers: makeHeaders,
  body: jsonBody(nanobananaapiRequestSchema),
  answers: { 200: picture },
  errors: ERRORS,
  examples: [
    {
      title: 'A picture',
      body: { model: 'gpt-image-2', prompt: 'A paper boat on a puddle', size: '1536x1024' },
    },
  ],
}).handle(async ({ ports, caller, headers, body }) => {
  const made = await picturesOf(ports, caller, headers, body)
  if (isApiError(made)) return made
  return { status: 200, body: { ...made.told, data: made.picture }, headers: made.headers }
})

export const nanobananaapiEdit = endpoint({
  id: 'nanobananaapiEdit',
  method: 'post',
  path: '/compat/nanobananaapi.dev/v1/images/edit',
  tag: TAG,
  summary: 'Edit a picture',
  description: HELD,
  access: 'maker',
  headers: makeHeaders,
  body: jsonBody(nanobananaapiEditSchema),
  answers: { 200: picture },
  errors: ERRORS,
  examples: [EDIT_EXAMPLE],
}).handle(async ({ ports, caller, headers, body }) => {
  const made = await picturesOf(ports, caller, headers, body)
  if (isApiError(made)) return made
  return { status: 200, body: { ...made.told, data: made.picture }, headers: made.headers }
})

export const nanobananaapiEdits = endpoint({
  id: 'nanobananaapiEdits',
  method: 'post',
  path: '/compat/nanobananaapi.dev/api/v1/images/edits',
  tag: TAG,
  summary: 'Edit a picture, answered as OpenAI does',
  description: `The same with a list in \`data\`. ${HELD}`,
  access: 'maker',
  headers: makeHeaders,
  body: jsonBody(nanobananaapiEditSchema),
  answers: {
    200: json(
      nanobananaapiPicturesSchema,
      'The picture.',
      { ...told, data: [{ url }] },
      TOLD_HEADERS,
    ),
  },
  errors: ERRORS,
  examples: [EDIT_EXAMPLE],
}).handle(async ({ ports, caller, headers, body }) => {
  const made = await picturesOf(ports, caller, headers, body)
  if (isApiError(made)) return made
  return { status: 200, body: { ...made.told, data: [made.picture] }, headers: made.headers }
})

interface Finished {
  told: ReturnType<typeof nanobananaapiAnswer>
  picture: { url: string }
  headers: Made['headers']
}

/** Makes the task and waits for its picture. */
async function picturesOf(
  ports: Ports,
  caller: Client,
  headers: Parameters<typeof makeTask>[3],
  body: NanobananaapiRequest | NanobananaapiEdit,
): Promise<Finished | ApiError<'invalid_request' | (typeof ERRORS)[number]>> {
  const made = await makeTask(ports, caller, fromNanobananaapi(body), headers, 'image')
  if (isApiError(made)) return made
  const settled = await untilSettled(ports, made.task)
  const task = await taskJson(ports.settings, settled, ports.now())
  const [output] = task.outputs
  if (!isTerminal(settled) || !output) return failureOf(task)
  return { told: nanobananaapiAnswer(task), picture: { url: output.url }, headers: made.headers }
}

function failureOf({ id, status, error, cost }: TaskJson) {
  const details = { task: { id, charged: cost.charged } }
  if (error) return new ApiError(error.code, error.message, details)
  return status === 'canceled'
    ? new ApiError('task_canceled', 'The task was canceled.', details)
    : new ApiError('timed_out', 'The task has not ended at its deadline.', details)
}
