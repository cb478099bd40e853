/** Which webhook a transition owes the client. */
import { isPending, isTerminal, storedOutputs, type Task } from './task'

export const ANNOUNCEMENT_TYPES = [
  'task.succeeded',
  'task.failed',
  'task.canceled',
  'task.recovered',
] as const
export type AnnouncementType = (typeof ANNOUNCEMENT_TYPES)[number]

/** The event that becomes true with this transition, or null. */
export function announcementOf(before: Task, after: Task): AnnouncementType | null {
  if (!isTerminal(before)) return terminalAnnouncement(after)
  if (after.deletedAt !== null) return null
  const count = lateOutputs(after)
  const isNews = count > lateOutputs(before) || !isGathered(before)
  return count > 0 && isNews && isGathered(after) ? 'task.recovered' : null
}

/** Pictures that came after the task had ended. */
function lateOutputs(task: Task): number {
  const { completedAt } = task
  return storedOutputs(task).filter(({ picture }) => picture.storedAt > (completedAt ?? 0)).length
}

/** Whether every announced picture was tried: one that can't be had keeps no other one back. */
function isGathered(task: Task): boolean {
  return !task.outputs.some((output) => isPending(output) && output.faults === 0)
}

function terminalAnnouncement(task: Task): AnnouncementType | null {
  switch (task.status) {
    case 'succeeded':
      return 'task.succeeded'
    case 'failed':
      return 'task.failed'
    case 'canceled':
      return 'task.canceled'
    default:
      return null
  }
}
