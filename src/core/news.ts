/** What a wake tells a task's runner, so that it need not ask the database. */
import type { ProviderId } from './request'
import type { Task } from './task'

export interface News {
  /** Of the task in the database, as the one who wakes knows it; 0 when it knows nothing. */
  version: number
  /** The task of that version, from whoever has just written or read it. */
  task?: Task
  /** A webhook of the task may be due. */
  mayDeliver?: boolean
  /** Until when the jobs of a provider are not to be looked up. */
  lookupPauses?: ReadonlyMap<ProviderId, number>
}
