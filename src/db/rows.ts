/** Rows ⇄ the types of `core/task.ts`. */
import type { Attempt, Output, Picture, Task } from '../core/task'
import type { attempts, outputs, tasks } from './schema'

type TaskRow = typeof tasks.$inferSelect
type AttemptRow = typeof attempts.$inferSelect
type OutputRow = typeof outputs.$inferSelect

export function toTask(row: TaskRow, attemptRows: AttemptRow[], outputRows: OutputRow[]): Task {
  const { idempotencyKey: _, fingerprint: __, ...task } = row
  return { ...task, attempts: attemptRows.map(toAttempt), outputs: outputRows.map(toOutput) }
}

function toAttempt(row: AttemptRow): Attempt {
  const { taskId: _, credits, usd, ...attempt } = row
  return { ...attempt, price: { credits, usd } }
}

export function toAttemptRow(taskId: string, attempt: Attempt): AttemptRow {
  const { price, ...row } = attempt
  return { ...row, ...price, taskId }
}

function toOutput(row: OutputRow): Output {
  const { index, attemptId, sourceUrl, faults, lastFault, retryAt } = row
  return { index, attemptId, sourceUrl, faults, lastFault, retryAt, picture: toPicture(row) }
}

function toPicture(row: OutputRow): Picture | null {
  const { contentType, bytes, width, height, sha256, storedAt } = row
  if (contentType === null || bytes === null || sha256 === null || storedAt === null) return null
  return { contentType, bytes, width, height, sha256, storedAt }
}

export function toOutputRow(taskId: string, output: Output): OutputRow {
  const { picture, ...row } = output
  const absent = {
    contentType: null,
    bytes: null,
    width: null,
    height: null,
    sha256: null,
    storedAt: null,
  }
  return { ...row, ...(picture ?? absent), taskId }
}
