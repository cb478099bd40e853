/** A task as clients see it. */

import type { Attempt, Charged } from '../core/attempt'
import { DEFAULT_MODEL, type Model, type ProviderId } from '../core/request'
import { roundMoney } from '../core/spending'
import type { Output, Picture, Task } from '../core/task'
import { storedOutputs } from '../core/task'
import { isoTime } from '../core/time'
import type { Settings } from '../settings'
import type { AttemptJson, OutputJson, TaskJson } from '../wire/task'
import { signedUrl } from './signed-url'

export async function taskJson(settings: Settings, task: Task, now: number): Promise<TaskJson> {
  const { metadata, optional_wishes: _, callback_format: __, ...request } = task.request
  return {
    id: task.id,
    object: 'task',
    status: task.status,
    model: servingModel(task),
    provider: currentProvider(task),
    created_at: isoTime(task.createdAt),
    completed_at: isoTime(task.completedAt),
    outputs: await Promise.all(
      storedOutputs(task).map((output) => outputJson(settings, task.id, output, now)),
    ),
    cost: costOf(task.attempts),
    attempts: task.attempts.map(attemptJson),
    error: task.error,
    metadata: metadata ?? {},
    request,
  }
}

/** Where an output is served, below the public URL. */
export function outputPath(taskId: string, index: number): string {
  return `/v1/tasks/${taskId}/outputs/${index}`
}

async function outputJson(
  settings: Settings,
  taskId: string,
  output: Output & { picture: Picture },
  now: number,
): Promise<OutputJson> {
  const expiresAt = now + settings.outputUrlTtlSeconds * 1000
  const { contentType, bytes, width, height, sha256 } = output.picture
  const { contentCredentials, sizeMismatch } = output.picture
  return {
    index: output.index,
    url: await signedUrl(settings, outputPath(taskId, output.index), expiresAt),
    url_expires_at: isoTime(expiresAt),
    content_type: contentType,
    bytes,
    width,
    height,
    sha256,
    content_credentials: contentCredentials,
    size_mismatch: sizeMismatch,
  }
}

function attemptJson(attempt: Attempt): AttemptJson {
  const { failure, job } = attempt
  const isSure = job.kind !== 'none' && job.kind !== 'claimed'
  return {
    id: attempt.id,
    provider: attempt.provider,
    model: attempt.model,
    provider_task_id: isSure ? job.reference : null,
    status: attempt.status,
    credits: attempt.price.credits,
    usd: attempt.price.usd,
    charged: attempt.charged,
    error: failure && { code: failure.code, message: failure.message },
    started_at: isoTime(attempt.startedAt),
    ended_at: isoTime(attempt.endedAt),
  }
}

/** The sum over the attempts that were charged; a sum with an unknown part is null. */
function costOf(attempts: readonly Attempt[]): {
  credits: number | null
  usd: number | null
  charged: Charged
} {
  const charged = attempts.filter((attempt) => attempt.charged === 'yes')
  const isUnknown = attempts.some((attempt) => attempt.charged === 'unknown')
  return {
    credits: sum(charged.map((attempt) => attempt.price.credits)),
    usd: sum(charged.map((attempt) => attempt.price.usd)),
    charged: isUnknown ? 'unknown' : charged.length > 0 ? 'yes' : 'no',
  }
}

function sum(amounts: Array<number | null>): number | null {
  let total = 0
  for (const amount of amounts) {
    if (amount === null) return null
    total += amount
  }
  return roundMoney(total)
}

/** The provider that made the pictures, else the last one asked, else the first one planned. */
export function currentProvider(task: Task): ProviderId | null {
  return decisiveAttempt(task)?.provider ?? task.candidates[0]?.provider ?? null
}

/** The same for the model; an old row may name no candidate. */
function servingModel(task: Task): Model {
  return decisiveAttempt(task)?.model ?? task.candidates[0]?.model ?? DEFAULT_MODEL
}

function decisiveAttempt(task: Task): Attempt | undefined {
  return task.attempts.findLast(({ status }) => status === 'succeeded') ?? task.attempts.at(-1)
}
