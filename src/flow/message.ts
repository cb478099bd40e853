/**
 * What a delivery says, in the words that its receiver reads.
 *
 * A webhook of ours is signed. The callbacks of an API that we stand in for are not, because its
 * receivers know nothing of signatures.
 */
import type { Task } from '../core/task'
import { isoTime } from '../core/time'
import type { Delivery } from '../db/deliveries'
import { aivideoapiTask } from '../wire/dialects/aivideoapi.ai'
import type { WebhookJson } from '../wire/webhook'
import type { Ports } from './ports'
import { taskJson } from './task-json'

export interface Message {
  body: object
  isSigned: boolean
}

export async function messageOf(
  { settings, now }: Ports,
  task: Task,
  { event, createdAt }: Pick<Delivery, 'event' | 'createdAt'>,
): Promise<Message> {
  const data = await taskJson(settings, task, now())
  switch (task.request.callback_format) {
    case undefined: {
      const webhook: WebhookJson = { type: event, timestamp: isoTime(createdAt), data }
      return { body: webhook, isSigned: true }
    }
    case 'aivideoapi.ai':
      return { body: aivideoapiTask(data), isSigned: false }
  }
}
