/** Which webhook a transition owes the client. */
import { isPending, isTerminal, storedOutputs, type Task } from './task'

export type AnnouncementType = 'task.succeeded' | 'task.failed' | 'task.canceled' | 'task.recovered'

/** The event that becomes true with this transition, or null. */
export function announcementOf(before: Task, after: Task): AnnouncementType | null {
  if (!isTerminal(before)) return terminalAnnouncement(after)
  const isRecovered =
    storedOutputs(after).length > storedOutputs(before).length && !after.outputs.some(isPending)
  return isRecovered ? 'task.recovered' : null
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
