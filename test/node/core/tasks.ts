/** Tasks in every state that `decide` can meet, built by deciding, so that all are reachable. */
import type { Attempt } from '../../../src/core/attempt'
import type { TaskEvent } from '../../../src/core/event'
import type { Task } from '../../../src/core/task'
import { decide } from '../../../src/core/transition'

export const NOW = 1_800_000_000_000
export const DEADLINE = NOW + 900_000
export const PICTURE = {
  contentType: 'image/png',
  bytes: 3,
  width: 1,
  height: 1,
  sha256: 'ab',
  contentCredentials: false,
  sizeMismatch: false,
  storedAt: NOW,
}
const FAILURE = { code: 'some_code', message: 'some reason' }

export function queuedTask(changes: Partial<Task> = {}): Task {
  return {
    id: 'task_1',
    keyId: 'key_1',
    status: 'queued',
    version: 1,
    request: { model: 'gpt-image-2', n: 1, prompt: 'A cat' },
    candidates: [{ provider: 'gptimage2.ai', model: 'gpt-image-2' }],
    createdAt: NOW,
    deadlineAt: DEADLINE,
    completedAt: null,
    dueAt: NOW,
    error: null,
    reservedUsd: null,
    deletedAt: null,
    attempts: [],
    outputs: [],
    ...changes,
  }
}

export function opened(
  candidate = 0,
  id = 'att_1',
  changes: {
    isSynchronous?: boolean
    awaitsCallback?: boolean
    indexes?: number[]
    at?: number
  } = {},
): TaskEvent {
  const { isSynchronous = false, awaitsCallback = false, indexes = [0], at = NOW } = changes
  return {
    type: 'opened',
    attempts: [
      {
        id,
        provider: candidate === 0 ? 'gptimage2.ai' : 'aivideoapi.ai',
        model: 'gpt-image-2',
        candidate,
        indexes,
        isSynchronous,
        awaitsCallback,
        price: { credits: 10, usd: 0.1 },
        startedAt: at,
        leaseUntil: at + 150_000,
      },
    ],
  }
}

/** The provider says it has no such job, after having said so this often. */
export function denied(
  missesBefore: number,
  asked = 'job',
): Extract<TaskEvent, { type: 'missed' }> {
  return { type: 'missed', attemptId: 'att_1', asked, missesBefore }
}

export const EVENTS = {
  opened: opened(),
  accepted: {
    type: 'accepted',
    attemptId: 'att_1',
    reference: 'job',
    price: null,
  },
  refused: { type: 'refused', attemptId: 'att_1', failure: FAILURE, cause: 'provider' },
  rate_limited: { type: 'rate_limited', attemptId: 'att_1', failure: FAILURE, retryAfterMs: 1_000 },
  withdrawn: { type: 'withdrawn', attemptId: 'att_1' },
  lost: { type: 'lost', attemptId: 'att_1', failure: FAILURE, cause: 'provider', claim: null },
  hinted: { type: 'hinted', attemptId: 'att_1', reference: 'claimed' },
  unconfirmed: { type: 'unconfirmed', attemptId: 'att_1', asked: 'claimed' },
  pending: { type: 'pending', attemptId: 'att_1', asked: 'job', note: null },
  missed: denied(0),
  unanswered: {
    type: 'unanswered',
    attemptId: 'att_1',
    asked: 'job',
    reason: 'HTTP 500',
    retryAfterMs: null,
  },
  finished: {
    type: 'finished',
    attemptId: 'att_1',
    urls: ['https://a/1'],
    price: null,
  },
  failed: {
    type: 'failed',
    attemptId: 'att_1',
    asked: 'job',
    failure: FAILURE,
    cause: 'provider',
    charged: 'no',
    price: null,
  },
  stored: { type: 'stored', index: 0, picture: PICTURE },
  download_failed: { type: 'download_failed', index: 0, reason: 'HTTP 500' },
  canceled: { type: 'canceled' },
  expired: { type: 'expired' },
  deleted: { type: 'deleted' },
  erased: { type: 'erased' },
  outdated: { type: 'outdated' },
  charge_settled: { type: 'charge_settled', attemptId: 'att_1', charged: 'no', price: null },
} as const satisfies Record<string, TaskEvent>

/** Applies events that must all have an effect. */
export function after(task: Task, ...events: Array<TaskEvent | [TaskEvent, number]>): Task {
  return events.reduce((current, item) => {
    const [event, now] = Array.isArray(item) ? item : [item, NOW]
    const next = decide(current, event, now)
    if (!next) throw new Error(`${event.type} had no effect on a ${current.status} task`)
    return next
  }, task)
}

const withCallback = opened(0, 'att_1', { awaitsCallback: true })

export const STATES = {
  queued: queuedTask(),
  submitting: after(queuedTask(), EVENTS.opened),
  running: after(queuedTask(), EVENTS.opened, EVENTS.accepted),
  hinted: after(queuedTask(), EVENTS.opened, EVENTS.hinted),
  waiting: after(queuedTask(), withCallback, EVENTS.lost),
  claimed: after(queuedTask(), withCallback, EVENTS.lost, EVENTS.hinted),
  doubted: after(queuedTask(), EVENTS.opened, EVENTS.accepted, denied(0)),
  denied: after(queuedTask(), withCallback, EVENTS.accepted, denied(0), denied(1), denied(2)),
  storing: after(queuedTask(), EVENTS.opened, EVENTS.accepted, EVENTS.finished),
  limited: after(queuedTask(), EVENTS.opened, EVENTS.rate_limited),
  succeeded: after(queuedTask(), EVENTS.opened, EVENTS.finished, EVENTS.stored),
  failed: after(queuedTask(), EVENTS.opened, EVENTS.refused),
  unknown: after(queuedTask(), EVENTS.opened, EVENTS.lost),
  late: after(queuedTask(), EVENTS.opened, EVENTS.accepted, [EVENTS.expired, DEADLINE]),
  canceled: after(queuedTask(), EVENTS.canceled),
} as const

/** What there is to say of a task that did not change. */
export const NOTHING = 'nothing'

/** What is not plain from the status: a job that is only claimed, denied or given up. */
function describeJob({ job }: Attempt): string {
  return job.kind === 'none' || job.kind === 'confirmed' ? '' : `+${job.kind}`
}

/** A task's state in one line: status, attempt, outputs, error. */
export function describeTask(task: Task | null): string {
  if (task === null) return NOTHING
  const attempts = task.attempts.map((attempt) => attempt.status + describeJob(attempt))
  const outputs = task.outputs.map((output) =>
    output.picture ? 'stored' : `fault${output.faults}`,
  )
  return [task.status, ...attempts, ...outputs, ...(task.error ? [task.error.code] : [])].join(' ')
}
