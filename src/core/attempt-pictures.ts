/**
 * What a finished attempt brings: a slot for each picture, and later fresh addresses for them.
 *
 * A part of `attempt-transition.ts`, and as pure. Invariant: a slot gets one picture.
 */
import type { Attempt, OpenAttempt } from './attempt'
import { NO_JOB } from './attempt'
import type { AttemptEvent } from './event'
import { isPending, type Output, type Task, withAttempt } from './task'

type Finished = Extract<AttemptEvent, { type: 'finished' }>

/** A success: the slots that have no picture yet get an output each, in the provider's order. */
export function finish(
  task: Task,
  attempt: OpenAttempt,
  event: Finished,
  now: number,
): Task | null {
  if (event.urls.length === 0) return finishWithoutPictures(task, attempt, event)
  const taken = new Set(task.outputs.map((output) => output.index))
  const free = attempt.indexes.filter((index) => !taken.has(index))
  const outputs = free.slice(0, event.urls.length).map(
    (index, position): Output => ({
      index,
      attemptId: attempt.id,
      sourceUrl: event.urls[position] ?? null,
      faults: 0,
      lastFault: null,
      retryAt: now,
      picture: null,
    }),
  )
  const changed = withAttempt(task, attempt, {
    ...attempt,
    status: 'succeeded',
    job: attempt.job.kind === 'confirmed' ? attempt.job : NO_JOB,
    charged: 'yes',
    price: event.price ?? attempt.price,
    failure: null,
    endedAt: now,
  })
  return {
    ...changed,
    outputs: [...task.outputs, ...outputs].sort((a, b) => a.index - b.index),
  }
}

/** Finished and charged, but its pictures are not there yet: it is asked for them again. */
function finishWithoutPictures(task: Task, attempt: OpenAttempt, event: Finished): Task | null {
  if (attempt.status !== 'running' || attempt.charged === 'yes') return null
  const price = event.price ?? attempt.price
  return withAttempt(task, attempt, { ...attempt, charged: 'yes', price })
}

/** A finished job asked again: fresh addresses for the pictures that are still missing. */
export function refreshSources(task: Task, attempt: Attempt, urls: string[]): Task | null {
  const own = task.outputs.filter((output) => output.attemptId === attempt.id)
  const fresh = new Map<Output, string>()
  for (const [position, output] of own.entries()) {
    const url = urls[position]
    if (isPending(output) && url !== undefined && url !== output.sourceUrl) fresh.set(output, url)
  }
  if (fresh.size === 0) return null
  const outputs = task.outputs.map((output) => {
    const sourceUrl = fresh.get(output)
    return sourceUrl === undefined ? output : { ...output, sourceUrl }
  })
  return { ...task, outputs }
}
