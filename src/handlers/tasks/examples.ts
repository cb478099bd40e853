/** A task of the reference, at three moments of its life. */
import * as z from 'zod'
import type { TaskJson } from '../../wire/task'

export const TASK_ID = 'task_01a1fc396d727d5ab2d9621d40fe8577'
export const ATTEMPT_ID = 'att_01a1fc396d727d5ab2d9621d40fe8577_0008f0a1b2c3d4e'
export const CREATED_AT = '2026-11-21T08:00:00.000Z'
export const ENDED_AT = '2026-11-21T08:00:05.000Z'
export const TOMORROW = '2026-11-22T08:00:05.000Z'
export const SHA256 = 'a5d9a9512367d0526778be67a9d5ecd37f0bd3576f2160494fa79d68c2cd96ab'
/** The query of a signed address. */
export const SIGNED = 'expires=1795334405&signature=gt0qpfpcPze4ZaOF9cmk56dWDsrIEKPDtamuD7_Ya8A'
export const PROVIDER_TASK_ID = '44abf20b-34fa-42c5-8034-2ba174e4eb26'
/** Where examples want their webhooks. */
export const CALLBACK_URL = 'https://client.example.com/webhooks/imagegate'

const id = z.string().meta({ description: 'The id of the task.', examples: [TASK_ID] })

/** The part of a path that names a task. */
export const taskParams = z.object({ id })

export const queuedTask: TaskJson = {
  id: TASK_ID,
  object: 'task',
  status: 'queued',
  model: 'gpt-image-2',
  provider: 'aivideoapi.ai',
  created_at: CREATED_AT,
  completed_at: null,
  outputs: [],
  cost: { credits: 0, usd: 0, charged: 'no' },
  attempts: [],
  error: null,
  metadata: {},
  request: {
    model: 'gpt-image-2',
    n: 1,
    prompt: 'A paper boat on a puddle',
    aspect_ratio: '4:3',
    callback_url: CALLBACK_URL,
  },
}

export const finishedTask: TaskJson = {
  ...queuedTask,
  status: 'succeeded',
  completed_at: ENDED_AT,
  outputs: [
    {
      index: 0,
      url: `https://gateway.example.com/v1/tasks/${TASK_ID}/outputs/0?${SIGNED}`,
      url_expires_at: TOMORROW,
      content_type: 'image/png',
      bytes: 11_791,
      width: 1024,
      height: 768,
      sha256: SHA256,
      content_credentials: false,
      size_mismatch: false,
    },
  ],
  cost: { credits: 4.7, usd: 0.0235, charged: 'yes' },
  attempts: [
    {
      id: ATTEMPT_ID,
      provider: 'aivideoapi.ai',
      model: 'gpt-image-2',
      provider_task_id: PROVIDER_TASK_ID,
      status: 'succeeded',
      credits: 4.7,
      usd: 0.0235,
      charged: 'yes',
      error: null,
      started_at: CREATED_AT,
      ended_at: ENDED_AT,
    },
  ],
}

/** Nobody knows whether the provider took the job. */
export const unknownTask: TaskJson = {
  ...queuedTask,
  status: 'failed',
  provider: 'gptimage2.ai',
  completed_at: ENDED_AT,
  cost: { credits: 0, usd: 0, charged: 'unknown' },
  attempts: [
    {
      id: ATTEMPT_ID,
      provider: 'gptimage2.ai',
      model: 'gpt-image-2',
      provider_task_id: null,
      status: 'unknown',
      credits: 10,
      usd: null,
      charged: 'unknown',
      error: { code: 'http_500', message: 'HTTP 500' },
      started_at: CREATED_AT,
      ended_at: ENDED_AT,
    },
  ],
  error: {
    code: 'submit_outcome_unknown',
    message: 'Nobody knows whether gptimage2.ai took the job.',
    type: 'upstream_error',
  },
}

export const canceledTask: TaskJson = { ...queuedTask, status: 'canceled', completed_at: ENDED_AT }
