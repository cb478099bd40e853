/** Deletes tasks with their pictures. */
import type { Task } from '../../client/index.ts'
import { count } from '../parts/format.ts'
import { notify, notifyError } from '../parts/notice.tsx'
import { client } from '../session.ts'
import { removeTask } from './list.ts'

/** @returns whether all of them are gone. */
export async function deleteTasks(tasks: readonly Task[]): Promise<boolean> {
  try {
    for (const { id } of tasks) {
      await client().tasks.delete(id)
      removeTask(id)
    }
    notify(`${count(tasks.length, 'task')} deleted.`)
    return true
  } catch (error) {
    notifyError(error)
    return false
  }
}
