/** Rows ⇄ the types of `core/`. A row that no version of the gateway could have written is refused. */
import type { Attempt, AttemptFailure, UnknownAttempt } from '../core/attempt'
import { NO_JOB } from '../core/attempt'
import type { Output, Picture, Task } from '../core/task'
import type { attempts, outputs, tasks } from './schema'

export type TaskRow = typeof tasks.$inferSelect
export type AttemptRow = typeof attempts.$inferSelect
export type OutputRow = typeof outputs.$inferSelect

export function toTask(row: TaskRow, attemptRows: AttemptRow[], outputRows: OutputRow[]): Task {
  const { idempotencyKey: _, fingerprint: __, dueIntervalMs: ___, ...task } = row
  return { ...task, attempts: attemptRows.map(toAttempt), outputs: outputRows.map(toOutput) }
}

function toAttempt(row: AttemptRow): Attempt {
  const {
    taskId: _,
    credits,
    usd,
    reference,
    hint,
    status,
    charged,
    failure,
    endedAt,
    ...rest
  } = row
  const facts = { ...rest, price: { credits, usd } }
  const confirmed = (name: string) => ({ kind: 'confirmed', reference: name }) as const
  switch (status) {
    case 'submitting':
      return {
        ...facts,
        status,
        job: claimed(hint),
        charged: 'unknown',
        failure: null,
        endedAt: null,
      }
    case 'running': {
      const job = confirmed(needed(reference, row))
      const isPaid = charged === 'yes' ? 'yes' : 'unknown'
      return { ...facts, status, job, charged: isPaid, failure: null, endedAt: null }
    }
    case 'succeeded': {
      const job = reference === null ? NO_JOB : confirmed(reference)
      return { ...facts, status, job, charged: 'yes', failure: null, endedAt: needed(endedAt, row) }
    }
    case 'failed': {
      const job = reference === null ? NO_JOB : confirmed(reference)
      return { ...facts, status, job, charged, ...endOf(row) }
    }
    case 'rejected':
      return { ...facts, status, job: NO_JOB, charged: 'no', ...endOf(row) }
    case 'unknown':
      return { ...facts, status, job: unknownJob(row), charged, ...endOf(row) }
  }
}

function endOf(row: AttemptRow): { failure: AttemptFailure; endedAt: number } {
  return { failure: needed(row.failure, row), endedAt: needed(row.endedAt, row) }
}

function claimed(hint: string | null) {
  return hint === null ? NO_JOB : ({ kind: 'claimed', reference: hint } as const)
}

/** A name in both columns was confirmed and then denied; one that nobody asks about any more is abandoned. */
function unknownJob({ reference, hint }: AttemptRow): UnknownAttempt['job'] {
  if (reference === null) return claimed(hint)
  return { kind: hint === null ? 'abandoned' : 'denied', reference }
}

function needed<T>(value: T | null, { id }: AttemptRow): T {
  if (value === null) throw new Error(`The row of attempt ${id} is broken.`)
  return value
}

export function toAttemptRow(taskId: string, attempt: Attempt): AttemptRow {
  const { price, job, ...row } = attempt
  const isSure = job.kind === 'confirmed' || job.kind === 'denied' || job.kind === 'abandoned'
  const isAskedFor = job.kind === 'claimed' || job.kind === 'denied'
  const columns = {
    reference: isSure ? job.reference : null,
    hint: isAskedFor ? job.reference : null,
  }
  return { ...row, ...price, ...columns, taskId }
}

function toOutput(row: OutputRow): Output {
  const { index, attemptId, sourceUrl, faults, lastFault, retryAt } = row
  return { index, attemptId, sourceUrl, faults, lastFault, retryAt, picture: toPicture(row) }
}

function toPicture(row: OutputRow): Picture | null {
  const { contentType, bytes, width, height, sha256, storedAt } = row
  const { contentCredentials, sizeMismatch } = row
  if (contentType === null || bytes === null || sha256 === null || storedAt === null) return null
  return {
    contentType,
    bytes,
    width,
    height,
    sha256,
    contentCredentials,
    sizeMismatch,
    storedAt,
  }
}

export function toOutputRow(taskId: string, output: Output): OutputRow {
  const { picture, ...row } = output
  const absent = {
    contentType: null,
    bytes: null,
    width: null,
    height: null,
    sha256: null,
    contentCredentials: false,
    sizeMismatch: false,
    storedAt: null,
  }
  return { ...row, ...(picture ?? absent), taskId }
}
