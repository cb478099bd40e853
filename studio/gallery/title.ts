/** What a task and its pictures are called, on the page and aloud. */
import type { Task } from '../../client/index.ts'

/** A prompt may be as long as a story; a name may not. */
const TITLE_LENGTH_MAX = 140

/** All of it. */
export function promptOf({ request }: Task): string {
  return request.prompt?.trim() || 'A picture from references alone'
}

export function titleOf(task: Task): string {
  const prompt = promptOf(task)
  if (prompt.length <= TITLE_LENGTH_MAX) return prompt
  return `${prompt.slice(0, TITLE_LENGTH_MAX).trimEnd()} …`
}

export function nameOf(task: Task, index: number): string {
  const title = titleOf(task)
  return task.outputs.length > 1 ? `${title}, picture ${index + 1}` : title
}
