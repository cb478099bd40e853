/** `POST /v1/tasks/{id}/cancel` and `DELETE /v1/tasks/{id}`: not wanted, or not any more. */
import { cancel } from '../../flow/cancel'
import { forget } from '../../flow/forget'
import { taskJson } from '../../flow/task-json'
import { taskSchema } from '../../wire/task'
import { empty, json } from '../endpoint/answer'
import { endpoint } from '../endpoint/endpoint'
import { isApiError } from '../errors'
import { refused } from '../refusals'
import { canceledTask, taskParams } from './examples'
import { findTask } from './find'

export const cancelTask = endpoint({
  id: 'cancelTask',
  method: 'post',
  path: '/v1/tasks/{id}/cancel',
  tag: 'Tasks',
  summary: 'Cancel a task',
  description:
    'Works only while the task is `queued`. No provider can cancel, so a picture that was asked for is paid for.',
  access: 'client',
  params: taskParams,
  answers: { 200: json(taskSchema, 'The task, canceled.', canceledTask) },
  errors: ['task_not_found', 'task_not_cancelable'],
}).handle(async ({ ports, caller, params }) => {
  const task = await findTask(ports, params.id, caller.id)
  if (isApiError(task)) return task
  const canceled = await cancel(ports, task)
  if (!canceled.ok) return refused(canceled.refusal)
  return { status: 200, body: await taskJson(ports.settings, canceled.value, ports.now()) }
})

export const deleteTask = endpoint({
  id: 'deleteTask',
  method: 'delete',
  path: '/v1/tasks/{id}',
  tag: 'Tasks',
  summary: 'Delete a task',
  description:
    'Works once the task is over. Its pictures, prompt and reference pictures are gone for good; what it cost stays in the usage, and its `Idempotency-Key` stays used.',
  access: 'client',
  params: taskParams,
  answers: { 204: empty('It is gone.') },
  errors: ['task_not_found', 'task_not_terminal'],
}).handle(async ({ ports, caller, params }) => {
  const task = await findTask(ports, params.id, caller.id)
  if (isApiError(task)) return task
  const forgotten = await forget(ports, task)
  return forgotten.ok ? { status: 204 } : refused(forgotten.refusal)
})
