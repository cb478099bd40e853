/** What a write changed, as lines of the log. */
import { isTerminal, type Task } from '../core/task'
import type { LogRecord } from './log'
import { currentProvider } from './task-json'

/** The attempts that ended, each with whose fault it was, and the task's new status. */
export function changesOf(before: Task, after: Task): LogRecord[] {
  const known = new Map(before.attempts.map(({ id, status }) => [id, status]))
  const ended = after.attempts.flatMap((attempt): LogRecord[] => {
    const { id, provider, status, failure, startedAt, endedAt } = attempt
    if (endedAt === null || known.get(id) === status) return []
    const reason = failure ? { reason: failure.cause } : {}
    const milliseconds = endedAt - startedAt
    const outcome = status
    return [
      { event: 'attempt', task: after.id, attempt: id, provider, outcome, milliseconds, ...reason },
    ]
  })
  return before.status === after.status ? ended : [...ended, statusOf(after)]
}

function statusOf(task: Task): LogRecord {
  const { id, status, createdAt, completedAt } = task
  const line = { event: 'task', task: id, outcome: status }
  if (!isTerminal(task) || completedAt === null) return line
  const provider = currentProvider(task)
  return { ...line, ...(provider && { provider }), milliseconds: completedAt - createdAt }
}
