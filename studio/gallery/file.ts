/** Pictures as files. */
import type { Output, Task } from '../../client/index.ts'

const WORDS_MAX = 60

/** Such as `a-paper-boat-7f3a9c1e-0.png`. */
export function fileNameOf(task: Task, output: Output): string {
  const words = (task.request.prompt ?? 'picture')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, WORDS_MAX)
  const ending = output.content_type.split('/')[1]?.replace('jpeg', 'jpg') ?? 'png'
  return `${words || 'picture'}-${task.id.slice(-8)}-${output.index}.${ending}`
}

/** Has the browser save what an address of this origin holds. */
export function saveFile(address: string, name: string): void {
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
}
