/**
 * What is still wanted: which output slots need an attempt, and at which candidate.
 *
 * Invariant: a slot is never bought again while an attempt for it is in flight, or after one
 * that may have been paid for, unless the client asked for that (`resubmit_on_unknown`).
 */
import type { Attempt } from './attempt'
import type { Candidate } from './request'
import type { Task } from './task'

/** Six connections of one invocation may wait at once; one is left for lookups and downloads. */
const SIDE_BY_SIDE_MAX = 5
/** Nothing is bought when no picture can come any more in what is left of the time. */
export const SUBMISSION_TIME_MIN_MS = 5_000

type Retry = 'here' | 'elsewhere' | 'never'

/** Where the slots of an ended attempt that brought no picture may be tried again. */
function retryOf(task: Task, attempt: Attempt): Retry {
  switch (attempt.status) {
    case 'rejected':
    case 'failed':
      if (attempt.charged !== 'no') return 'never'
      if (attempt.failure?.cause === 'content' && !task.request.failover_on_refusal) return 'never'
      return attempt.failure?.retryAt ? 'here' : 'elsewhere'
    case 'unknown':
      if (!task.request.resubmit_on_unknown) return 'never'
      if (attempt.charged === 'yes') return 'never'
      return unknownsAt(task, attempt) > 1 ? 'elsewhere' : 'here'
    default:
      return 'elsewhere'
  }
}

/** A slot's unknown outcomes at one candidate, this attempt's included. */
function unknownsAt(task: Task, attempt: Attempt): number {
  return attemptsLike(task, attempt).filter((other) => other.status === 'unknown').length
}

/** The attempts at the same candidate that share an output slot with this one, itself included. */
export function attemptsLike(task: Task, attempt: Attempt): Attempt[] {
  return task.attempts.filter(
    (other) =>
      other.candidate === attempt.candidate &&
      other.indexes.some((index) => attempt.indexes.includes(index)),
  )
}

/** Whether this attempt keeps its slots from being bought again. */
function holds(task: Task, attempt: Attempt): boolean {
  if (attempt.status === 'submitting' || attempt.status === 'running') return true
  if (attempt.status === 'succeeded') return false
  // A job was named: it is bought again only once its provider does not know it.
  if (attempt.status === 'unknown' && attempt.job.kind === 'claimed') return true
  return retryOf(task, attempt) === 'never'
}

/** The output slots that no picture, live attempt or final failure covers. */
function openIndexes(task: Task): number[] {
  const refused = task.attempts.some(
    (attempt) => attempt.failure?.cause === 'content' && retryOf(task, attempt) === 'never',
  )
  if (refused) return []
  const covered = new Set(task.outputs.map((output) => output.index))
  for (const attempt of task.attempts) {
    if (holds(task, attempt)) for (const index of attempt.indexes) covered.add(index)
  }
  return Array.from({ length: task.request.n }, (_, index) => index).filter(
    (index) => !covered.has(index),
  )
}

/** Position of the candidate to ask next: past every one that refused, failed or fell short. */
function nextPosition(task: Task): number {
  let position = 0
  for (const attempt of task.attempts) {
    const ended = attempt.status !== 'submitting' && attempt.status !== 'running'
    if (!ended || retryOf(task, attempt) === 'never') continue
    const fulfilled =
      attempt.status === 'succeeded' &&
      attempt.indexes.every((index) => task.outputs.some((output) => output.index === index))
    if (fulfilled) continue
    const moved = retryOf(task, attempt) === 'elsewhere' ? 1 : 0
    position = Math.max(position, attempt.candidate + moved)
  }
  return position
}

/** What to buy next: at which candidate, and for which slots. */
export interface Purchase {
  candidate: Candidate
  /** Of the candidate, among the task's. */
  position: number
  indexes: number[]
}

/** Null when nothing more is to be bought, or too little time is left for it. */
export function nextPurchase(task: Task, now: number): Purchase | null {
  if (now > task.deadlineAt - SUBMISSION_TIME_MIN_MS) return null
  const indexes = openIndexes(task)
  const position = nextPosition(task)
  const candidate = task.candidates[position]
  return indexes.length > 0 && candidate ? { candidate, position, indexes } : null
}

/** How many more submissions may be under way at once. */
export function roomForSubmissions(task: Task): number {
  const underWay = task.attempts.filter((attempt) => attempt.status === 'submitting').length
  return Math.max(0, SIDE_BY_SIDE_MAX - underWay)
}

/**
 * When the next purchase may be made (a short rate limit is waited out), or null while there is none
 * to make or no room for it.
 */
export function nextPurchaseAt(task: Task, now: number): number | null {
  const purchase = nextPurchase(task, now)
  if (!purchase || roomForSubmissions(task) === 0) return null
  const waits = task.attempts
    .filter((attempt) => attempt.candidate === purchase.position)
    .map((attempt) => attempt.failure?.retryAt ?? 0)
  return Math.max(0, ...waits)
}
