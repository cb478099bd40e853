/** `/compat/aivideoapi.ai`: for clients of aivideoapi.ai, served by whichever provider is up. */
import * as z from 'zod'
import { usdLeft } from '../../core/spending'
import { DAY_MS } from '../../core/time'
import { sumUsage } from '../../db/usage'
import { taskJson } from '../../flow/task-json'
import {
  type AivideoapiTask,
  aivideoapiAcceptedSchema,
  aivideoapiRequestSchema,
  aivideoapiTask,
  aivideoapiTaskSchema,
  fromAivideoapi,
} from '../../wire/dialects/aivideoapi.ai'
import { keyIdOf } from '../auth'
import { json } from '../endpoint/answer'
import { jsonBody } from '../endpoint/body'
import { endpoint } from '../endpoint/endpoint'
import { isApiError } from '../errors'
import { CALLBACK_URL, SIGNED, TASK_ID, taskParams } from '../tasks/examples'
import { findTask } from '../tasks/find'
import { makeHeaders, makeTask, TOLD_HEADERS } from './make'
import { TASK_REFUSALS } from './task-errors'

const TAG = 'As aivideoapi.ai'
/** What a key without a spend limit is told, since its clients compare numbers. */
const CREDITS_WITHOUT_LIMIT = 1_000_000

const completed: AivideoapiTask = {
  id: TASK_ID,
  status: 'completed',
  model: 'gpt-image-2',
  created_at: 1_795_334_400,
  completed_at: 1_795_334_405,
  output: {
    urls: [`https://gateway.example.com/v1/tasks/${TASK_ID}/outputs/0?${SIGNED}`],
    metadata: { model: 'gpt-image-2-text-to-image', costTime: 5 },
  },
}

export const aivideoapiGenerate = endpoint({
  id: 'aivideoapiGenerate',
  method: 'post',
  path: '/compat/aivideoapi.ai/v1/images/generations',
  tag: TAG,
  summary: 'Make a picture',
  description:
    'Answers at once. The picture is found by its task, and sent to `callback_url` in the same words, unsigned, with the retries of a webhook.',
  access: 'maker',
  headers: makeHeaders,
  body: jsonBody(aivideoapiRequestSchema),
  answers: {
    200: json(
      aivideoapiAcceptedSchema,
      'The task was accepted.',
      { code: 200, msg: 'success', data: { taskId: TASK_ID } },
      TOLD_HEADERS,
    ),
  },
  errors: TASK_REFUSALS,
  examples: [
    {
      title: 'A picture',
      body: {
        model: 'gpt-image-2',
        callback_url: CALLBACK_URL,
        input: { prompt: 'A paper boat on a puddle', aspect_ratio: '16:9', resolution: '2k' },
      },
    },
  ],
}).handle(async ({ ports, caller, headers, body }) => {
  const request = fromAivideoapi(body)
  const made = await makeTask(ports, caller, request, headers, 'input.image_urls')
  if (isApiError(made)) return made
  const data = { taskId: made.task.id }
  return { status: 200, body: { code: 200, msg: 'success', data }, headers: made.headers }
})

export const aivideoapiGetTask = endpoint({
  id: 'aivideoapiGetTask',
  method: 'get',
  path: '/compat/aivideoapi.ai/v1/tasks/{id}',
  tag: TAG,
  summary: 'Query a task',
  description: 'From `pending` to `processing` to `completed` or `failed`.',
  access: 'reader',
  params: taskParams,
  answers: { 200: json(aivideoapiTaskSchema, 'The task.', completed) },
  errors: ['task_not_found'],
}).handle(async ({ ports, caller, params }) => {
  const task = await findTask(ports, params.id, keyIdOf(caller))
  if (isApiError(task)) return task
  const shown = await taskJson(ports.settings, task, ports.now())
  return { status: 200, body: aivideoapiTask(shown) }
})

const creditsSchema = z
  .strictObject({
    credits: z
      .number()
      .describe(
        `What the spend limits of the key leave, now and today; ${CREDITS_WITHOUT_LIMIT.toLocaleString('en')} for a key without any.`,
      ),
    used_today: z.number().describe('What was charged since midnight, UTC.'),
  })
  .meta({
    id: 'AivideoapiCredits',
    description:
      "Dollars of the gateway's ledger, in credits of aivideoapi.ai. That API documents the operation and not its answer.",
  })

export const aivideoapiGetCredits = endpoint({
  id: 'aivideoapiGetCredits',
  method: 'get',
  path: '/compat/aivideoapi.ai/v1/credits',
  tag: TAG,
  summary: 'Read the balance',
  description:
    'What the key may still spend, at any provider. A charge whose dollars are not known is not counted.',
  access: 'client',
  answers: {
    200: json(creditsSchema, 'In credits of aivideoapi.ai.', { credits: 1964.3, used_today: 35.7 }),
  },
}).handle(async ({ ports: { settings, database, now }, caller }) => {
  const creditUsd = settings.providers['aivideoapi.ai'].creditUsd ?? 1
  const toCredits = (usd: number) => Math.round((usd / creditUsd) * 10) / 10
  const startsAt = now() - (now() % DAY_MS)
  const today = { startsAt, endsAt: startsAt + DAY_MS, keyId: caller.id, groups: new Set<never>() }
  const [spent] = await sumUsage(database, today)
  const left = usdLeft(caller, now())
  return {
    status: 200,
    body: {
      credits: left === null ? CREDITS_WITHOUT_LIMIT : toCredits(left),
      used_today: toCredits(spent?.usd ?? 0),
    },
  }
})
