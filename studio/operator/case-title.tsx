/** A task by its prompt, which opens it. */
import type { Task } from '../../client/index.ts'
import { putTasks } from '../gallery/list.ts'
import { openTask } from '../gallery/open.ts'
import { titleOf } from '../gallery/title.ts'

export function CaseTitle({ task }: { task: Task }) {
  const open = () => {
    putTasks([task])
    openTask(task.id)
  }
  return (
    <button type="button" class="case-title truncate" onClick={open}>
      {titleOf(task)}
    </button>
  )
}
