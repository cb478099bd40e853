/** `/compat/gptimage2.ai`: for clients of gptimage2.ai, served by whichever provider is up. */
import * as z from 'zod'
import { isTerminal, type Task } from '../../core/task'
import type { Ports } from '../../flow/ports'
import { imagesLeft } from '../../flow/price'
import { taskJson } from '../../flow/task-json'
import {
  fromGptimage2,
  type Gptimage2Job,
  gptimage2Job,
  gptimage2JobSchema,
  gptimage2RequestSchema,
} from '../../wire/dialects/gptimage2.ai'
import { type Callers, keyIdOf } from '../auth'
import { json } from '../endpoint/answer'
import { jsonBody } from '../endpoint/body'
import { endpoint } from '../endpoint/endpoint'
import { isApiError } from '../errors'
import { SIGNED, TASK_ID } from '../tasks/examples'
import { findTask } from '../tasks/find'
import { makeHeaders, makeTask, TOLD_HEADERS } from './make'
import { TASK_REFUSALS } from './task-errors'

const TAG = 'As gptimage2.ai'

const running: Gptimage2Job = {
  jobId: TASK_ID,
  status: 'running',
  balance: { paidCredits: 490, freeImagesRemaining: 0, totalImages: 49, freeImagesPerDay: 0 },
}

const succeeded: Gptimage2Job = {
  ...running,
  status: 'succeeded',
  results: [
    {
      imageUrl: `https://gateway.example.com/v1/tasks/${TASK_ID}/outputs/0?${SIGNED}`,
      finalPrompt: 'A paper boat on a puddle',
      seed: '1',
    },
  ],
}

export const gptimage2Generate = endpoint({
  id: 'gptimage2Generate',
  method: 'post',
  path: '/compat/gptimage2.ai/api/generate',
  tag: TAG,
  summary: 'Create a generation job',
  description: 'Answers at once. Poll the job while it is `pending` or `running`.',
  access: 'client',
  headers: makeHeaders,
  body: jsonBody(gptimage2RequestSchema),
  answers: { 200: json(gptimage2JobSchema, 'The job was accepted.', running, TOLD_HEADERS) },
  errors: TASK_REFUSALS,
  examples: [
    {
      title: 'A picture',
      body: { mode: 'text-to-image', prompt: 'A paper boat on a puddle', ratio: '4:3', count: 1 },
    },
  ],
}).handle(async ({ ports, caller, headers, body }) => {
  const made = await makeTask(ports, caller, fromGptimage2(body), headers, 'imageUrls')
  if (isApiError(made)) return made
  // The key was read before the task was counted.
  const heldUsd = made.isReplay ? 0 : (made.task.reservedUsd ?? 0)
  const left = await imagesLeft(ports, caller, heldUsd)
  return { status: 200, body: await jobOf(ports, made.task, left), headers: made.headers }
})

export const gptimage2GetJob = endpoint({
  id: 'gptimage2GetJob',
  method: 'get',
  path: '/compat/gptimage2.ai/api/generate/{jobId}',
  tag: TAG,
  summary: 'Poll a generation job',
  description: '202 while it is `pending` or `running`, then 200.',
  access: 'reader',
  params: z.object({
    jobId: z.string().meta({ description: 'The id of the task.', examples: [TASK_ID] }),
  }),
  answers: {
    202: json(gptimage2JobSchema, 'The job is not over yet.', running),
    200: json(gptimage2JobSchema, 'The job is over.', succeeded),
  },
  errors: ['task_not_found'],
}).handle(async ({ ports, caller, params }) => {
  const task = await findTask(ports, params.jobId, keyIdOf(caller))
  if (isApiError(task)) return task
  const body = await jobOf(ports, task, await balanceOf(ports, caller))
  return { status: isTerminal(task) ? 200 : 202, body }
})

/** The operator's token has none. */
function balanceOf(ports: Ports, caller: Callers['reader']): Promise<number | null> {
  return caller.kind === 'client' ? imagesLeft(ports, caller.key, 0) : Promise.resolve(null)
}

async function jobOf(ports: Ports, task: Task, left: number | null): Promise<Gptimage2Job> {
  return gptimage2Job(await taskJson(ports.settings, task, ports.now()), left)
}
