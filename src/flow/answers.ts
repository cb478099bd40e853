/**
 * What providers answered to paid calls, in the runner's own storage, before the database has it.
 *
 * Invariant: an answer is kept before it is written, so neither a database that is down for an hour nor
 * a deployment in between loses it. What the database had already changes nothing.
 */
import { isUnanswered } from '../core/attempt'
import type { AttemptEvent, SubmissionOutcome } from '../core/event'
import type { Task } from '../core/task'
import { isUniqueViolation } from '../db/database'
import type { KnownTask } from './known-task'

/** The end of a submission: its outcome, or that it was never sent. */
export type Answer = { attemptId: string } & (SubmissionOutcome | { type: 'withdrawn' })

/** A runner's own storage, as far as answers go. */
export interface AnswerStorage {
  put(answer: Answer): Promise<void>
  list(): Promise<Answer[]>
}

export class Answers {
  readonly #storage: AnswerStorage
  /** By attempt, those that the database may not have. */
  readonly #open = new Map<string, Answer>()
  #isRead = false

  constructor(storage: AnswerStorage) {
    this.#storage = storage
  }

  get areSettled(): boolean {
    return this.#open.size === 0
  }

  /** @returns whether the storage has it; this runner remembers it in any case. */
  async keep(answer: Answer): Promise<boolean> {
    this.#open.set(answer.attemptId, answer)
    try {
      await this.#storage.put(answer)
      return true
    } catch {
      return false
    }
  }

  /** Writes one that was kept. A job that another attempt has is not this one's. */
  async settle(known: KnownTask, answer: Answer): Promise<void> {
    try {
      await known.settle(answer)
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      await known.settle(duplicateOf(answer))
    }
    this.#open.delete(answer.attemptId)
  }

  /** Writes those that an earlier run, or an earlier runner, could not write. */
  async settleAll(known: KnownTask): Promise<void> {
    if (!this.#isRead) {
      for (const answer of await this.#storage.list()) this.#open.set(answer.attemptId, answer)
      this.#isRead = true
    }
    for (const answer of [...this.#open.values()]) {
      if (known.current && isNewsTo(known.current, answer)) await this.settle(known, answer)
      else this.#open.delete(answer.attemptId)
    }
  }
}

/** A job that was denied or given up since then was known to the task already. */
function isNewsTo(task: Task, answer: Answer): boolean {
  const attempt = task.attempts.find(({ id }) => id === answer.attemptId)
  if (!attempt || !isUnanswered(attempt)) return false
  return attempt.job.kind === 'none' || attempt.job.kind === 'claimed'
}

function duplicateOf({ attemptId }: Answer): AttemptEvent {
  const message = 'it answered with the id of another job'
  const failure = { code: 'duplicate_reference', message }
  return { type: 'lost', attemptId, failure, cause: 'provider', claim: null }
}
