/** How wide a task's picture is for its height, known or expected, so that nothing jumps. */
import type { Task } from '../../client/index.ts'

export function ratioOf(task: Task): number {
  const [first] = task.outputs
  const one = first ? shapeOf(first.width, first.height) : expected(task)
  const { columns, rows } = gridOf(Math.max(task.outputs.length, picturesWanted(task)))
  return (one * columns) / rows
}

/** A failed task shows what came of it, and not the gaps. */
function picturesWanted({ status, request }: Task): number {
  return status === 'failed' || status === 'canceled' ? 1 : request.n
}

/** Several pictures of one task share its card. */
export function gridOf(pictures: number): { columns: number; rows: number } {
  const columns = Math.ceil(Math.sqrt(pictures))
  return { columns, rows: Math.ceil(pictures / columns) }
}

function expected({ request, status }: Task): number {
  if (status === 'failed' || status === 'canceled') return 1
  const text = request.size ?? request.aspect_ratio ?? ''
  const [width, height] = text.split(/[x:]/).map(Number)
  return shapeOf(width ?? null, height ?? null)
}

function shapeOf(width: number | null, height: number | null): number {
  return width && height ? width / height : 1
}
