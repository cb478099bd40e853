/** What can go wrong, as a caller can tell it apart. */
import type { Error as ErrorBody, ErrorCode, Task, TaskFailureCode } from './types.ts'

interface Origin {
  status: number
  param?: string | undefined
  requestId?: string | null
  retryAfterSeconds?: number | null
  cause?: unknown
}

/** The gateway refused a request, or could not be asked. */
export class ImagegateError extends Error {
  override readonly name = 'ImagegateError'
  /** `connection_failed` and `unreadable_answer` are told by this client, all others by the gateway. */
  readonly code: ErrorCode | 'connection_failed' | 'unreadable_answer'
  /** Of the answer; 0 when there was none. */
  readonly status: number
  /** The field, header or query value that is wrong. */
  readonly param: string | undefined
  /** Names the request in the gateway's log. */
  readonly requestId: string | null
  readonly retryAfterSeconds: number | null

  constructor(code: ImagegateError['code'], message: string, origin: Origin) {
    super(message, { cause: origin.cause })
    this.code = code
    this.status = origin.status
    this.param = origin.param
    this.requestId = origin.requestId ?? null
    this.retryAfterSeconds = origin.retryAfterSeconds ?? null
  }
}

/** A task ended without all its pictures; those that are there are in `task.outputs`. */
export class TaskFailedError extends Error {
  override readonly name = 'TaskFailedError'
  readonly code: TaskFailureCode | 'canceled'
  readonly task: Task

  constructor(task: Task) {
    super(task.error?.message ?? `The task was ${task.status}.`)
    this.code = task.error?.code ?? 'canceled'
    this.task = task
  }
}

/** The wait ended before the task did. It goes on; `tasks.wait(error.task.id)` waits again. */
export class WaitTimeoutError extends Error {
  override readonly name = 'WaitTimeoutError'
  readonly task: Task

  constructor(task: Task) {
    super(`The task ${task.id} is still ${task.status}.`)
    this.task = task
  }
}

/** The error that an answer which is not 2xx tells. */
export async function errorOf(response: Response): Promise<ImagegateError> {
  const { status, headers } = response
  const origin = {
    status,
    requestId: headers.get('x-request-id'),
    retryAfterSeconds: readSeconds(headers.get('retry-after')),
  }
  const text = await response.text().catch(() => '')
  const error = parseError(text)
  return error
    ? new ImagegateError(error.code, error.message, { ...origin, param: error.param })
    : new ImagegateError('unreadable_answer', `HTTP ${status}`, origin)
}

/** Null for what did not come from the gateway, such as the page of a proxy. */
function parseError(text: string): ErrorBody['error'] | null {
  try {
    const { error }: Partial<ErrorBody> = JSON.parse(text)
    return error && typeof error.code === 'string' ? error : null
  } catch {
    return null
  }
}

function readSeconds(header: string | null): number | null {
  return header !== null && /^\d{1,9}$/.test(header) ? Number(header) : null
}
