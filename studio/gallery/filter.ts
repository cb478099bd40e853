/** Which tasks a filter lets through, judged as the gateway judges its lists. */
import type { Task } from '../../client/index.ts'
import type { Filter } from '../address.ts'

export function matches(task: Task, { status, provider, q }: Filter): boolean {
  const prompt = (task.request.prompt ?? '').toLowerCase()
  const words = (q ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  return (
    (status === undefined || task.status === status) &&
    (provider === undefined || task.attempts.some((attempt) => attempt.provider === provider)) &&
    words.every((word) => prompt.includes(word))
  )
}
