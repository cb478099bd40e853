/**
 * A task as the result of a tool call.
 *
 * The text alone is enough: some clients show a model nothing else. A picture that failed is a result
 * that says why and what to do.
 */
import type { CallToolResult } from '@modelcontextprotocol/server'
import { isTerminal, storedOutputs, type Task, type TaskFailureCode } from '../../core/task'
import type { Ports } from '../../flow/ports'
import { taskJson } from '../../flow/task-json'
import type { OutputJson } from '../../wire/task'
import { type ShownTask, shownPrompt } from './schemas'
import { thumbnailOf } from './thumbnail'

/** So that a result stays far below 1 MB. */
const THUMBNAILS_MAX = 4

const WHAT_TO_DO: Readonly<Record<TaskFailureCode, string>> = {
  provider_rejected: 'Change what the reason names, or let the gateway choose the provider.',
  provider_failed: 'Try again, with another provider if it fails twice.',
  all_providers_failed: 'Look at the reasons; change the request, or try again in some minutes.',
  content_refused: 'Change the prompt or the reference pictures. The same request fails again.',
  submit_outcome_unknown:
    'It may have been paid for. A picture that still comes is kept: call get_task in some minutes before you make it again.',
  timed_out:
    'A picture that still comes is kept: call get_task in some minutes before you make it again.',
  output_unavailable: 'It was paid for. Ask the operator before you make it again.',
  partial_outputs: 'Use the pictures that are there, and ask for the missing ones only.',
}

export async function showTask({ settings, now }: Ports, task: Task): Promise<ShownTask> {
  const { object, attempts, metadata, request, ...shown } = await taskJson(settings, task, now())
  return { ...shown, prompt: shownPrompt(request.prompt) }
}

export async function taskResult(ports: Ports, task: Task): Promise<CallToolResult> {
  const shown = await showTask(ports, task)
  const stored = storedOutputs(task)
  const thumbnails = await Promise.all(
    stored.slice(0, THUMBNAILS_MAX).map((output) => thumbnailOf(ports, task.id, output)),
  )
  return {
    content: [
      { type: 'text', text: textOf(task, shown, ports.now()) },
      ...shown.outputs.map((output) => linkTo(task, output)),
      ...thumbnails.filter((thumbnail) => thumbnail !== null),
    ],
    structuredContent: { ...shown },
    ...(task.status === 'failed' && stored.length < task.request.n ? { isError: true } : {}),
  }
}

function linkTo(task: Task, output: OutputJson) {
  return {
    type: 'resource_link' as const,
    uri: output.url,
    name: `${task.id}-${output.index}.${output.content_type.split('/')[1]}`,
    mimeType: output.content_type,
    size: output.bytes,
    description: `${sizeOf(output)}, ${shownPrompt(task.request.prompt) ?? 'without a prompt'}`,
  }
}

function textOf(task: Task, shown: ShownTask, now: number): string {
  const pictures = shown.outputs.map(
    (output) =>
      `Picture ${output.index}, ${sizeOf(output)}, link until ${output.url_expires_at}: ${output.url}`,
  )
  return [statusText(task, shown, now), ...pictures].join('\n')
}

function statusText(task: Task, shown: ShownTask, now: number): string {
  const { id, status, error } = shown
  const seconds = Math.round(((task.completedAt ?? now) - task.createdAt) / 1000)
  if (!isTerminal(task))
    return `Task ${id} is ${status} for ${seconds} s. It goes on by itself: call get_task with this id until it is over. Don't ask for the same picture under another name, for that would be paid twice.`
  switch (status) {
    case 'succeeded':
      return `Task ${id} succeeded in ${seconds} s: ${shown.model} at ${shown.provider}. ${costText(shown)}`
    case 'canceled':
      return `Task ${id} was canceled. Nothing was charged.`
    default:
      return error
        ? `Task ${id} failed: ${error.code}. ${error.message} ${WHAT_TO_DO[error.code]} ${costText(shown)}`
        : `Task ${id} failed. ${costText(shown)}`
  }
}

function costText({ cost: { charged, usd, credits } }: ShownTask): string {
  if (charged === 'no') return 'Nothing was charged.'
  if (charged === 'unknown') return 'Nobody knows yet whether it was charged.'
  return `It cost ${usd === null ? `${credits ?? 'an unknown number of'} credits` : `$${usd}`}.`
}

function sizeOf({ width, height, content_type, bytes }: OutputJson): string {
  const pixels = width === null || height === null ? '' : `${width}×${height} `
  return `${pixels}${content_type}, ${Math.ceil(bytes / 1024)} KiB`
}
