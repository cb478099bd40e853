/** Tasks: make them, wait for them, follow them. */
import { TaskFailedError, WaitTimeoutError } from './errors.ts'
import { watchTask } from './events.ts'
import { pause, type Transport } from './transport.ts'
import type { Delivery, Operations, Task, TaskList, TaskRequest } from './types.ts'

export interface CallOptions {
  signal?: AbortSignal
}

export interface CreateOptions extends CallOptions {
  /** Without it one is made up, so that repeats by this client are safe. */
  idempotencyKey?: string
  /** Holds the answer until the task is over, at most so long (up to 60). */
  waitSeconds?: number
}

export interface WaitOptions extends CallOptions {
  /** Without it the wait lasts as long as the task, which always ends at its deadline. */
  timeoutSeconds?: number
}

/** The longest that the gateway holds an answer. */
const HOLD_SECONDS_MAX = 60
/** Between two looks, should an answer not have been held. */
const LOOK_INTERVAL_MS = 500

export class Tasks {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  create(request: TaskRequest, options: CreateOptions = {}): Promise<Task> {
    const { idempotencyKey = newIdempotencyKey(), waitSeconds = 0, signal } = options
    const prefer = waitSeconds > 0 ? { Prefer: `wait=${Math.ceil(waitSeconds)}` } : {}
    return this.#transport.call('POST /v1/tasks', {
      header: { 'Idempotency-Key': idempotencyKey, ...prefer },
      body: request,
      signal,
      isRepeatable: true,
    })
  }

  get(id: string, { waitSeconds = 0, signal }: CallOptions & { waitSeconds?: number } = {}) {
    const query = waitSeconds > 0 ? { wait: Math.ceil(waitSeconds) } : {}
    return this.#transport.call('GET /v1/tasks/{id}', { path: { id }, query, signal })
  }

  list(
    filter: Operations['GET /v1/tasks']['query'] = {},
    { signal }: CallOptions = {},
  ): Promise<TaskList> {
    return this.#transport.call('GET /v1/tasks', { query: filter, signal })
  }

  cancel(id: string, { signal }: CallOptions = {}): Promise<Task> {
    return this.#transport.call('POST /v1/tasks/{id}/cancel', { path: { id }, signal })
  }

  async delete(id: string, { signal }: CallOptions = {}): Promise<void> {
    await this.#transport.call('DELETE /v1/tasks/{id}', { path: { id }, signal })
  }

  /** The task when it is over, however it ended. @throws WaitTimeoutError */
  async wait(id: string, options: WaitOptions = {}): Promise<Task> {
    const { timeoutSeconds = Number.POSITIVE_INFINITY, signal } = options
    const endsAt = Date.now() + timeoutSeconds * 1000
    for (;;) {
      const leftSeconds = Math.max(0, (endsAt - Date.now()) / 1000)
      const lookedAt = Date.now()
      const waitSeconds = Math.min(HOLD_SECONDS_MAX, leftSeconds)
      const task = await this.get(id, { waitSeconds, ...(signal ? { signal } : {}) })
      if (task.completed_at !== null) return task
      if (Date.now() >= endsAt) throw new WaitTimeoutError(task)
      await pause(Math.max(0, lookedAt + LOOK_INTERVAL_MS - Date.now()), signal)
    }
  }

  /** The task at each change, until it is over. */
  events(id: string, { signal }: CallOptions = {}): AsyncGenerator<Task, void, void> {
    return watchTask(this.#transport, id, signal)
  }

  /** The picture itself. */
  output(id: string, index = 0, { signal }: CallOptions = {}): Promise<Response> {
    return this.#transport.open('GET /v1/tasks/{id}/outputs/{index}', {
      path: { id, index: String(index) },
      signal,
    })
  }

  /** The webhooks of a task, newest first. */
  async deliveries(id: string, { signal }: CallOptions = {}): Promise<Delivery[]> {
    const { data } = await this.#transport.call('GET /v1/tasks/{id}/deliveries', {
      path: { id },
      signal,
    })
    return data
  }

  redeliver(id: string, delivery: string, { signal }: CallOptions = {}): Promise<Delivery> {
    return this.#transport.call('POST /v1/tasks/{id}/deliveries/{delivery}/redeliver', {
      path: { id, delivery },
      signal,
    })
  }

  /** The finished task. @throws TaskFailedError, WaitTimeoutError; both carry the task */
  async createAndWait(
    request: TaskRequest,
    options: WaitOptions & Pick<CreateOptions, 'idempotencyKey'> = {},
  ): Promise<Task> {
    const { timeoutSeconds = Number.POSITIVE_INFINITY, ...rest } = options
    const endsAt = Date.now() + timeoutSeconds * 1000
    const waitSeconds = Math.min(HOLD_SECONDS_MAX, timeoutSeconds)
    const made = await this.create(request, { ...rest, waitSeconds })
    const leftSeconds = Math.max(0, (endsAt - Date.now()) / 1000)
    const { signal } = options
    const task =
      made.completed_at === null
        ? await this.wait(made.id, { timeoutSeconds: leftSeconds, ...(signal ? { signal } : {}) })
        : made
    if (task.status !== 'succeeded') throw new TaskFailedError(task)
    return task
  }
}

/** Not `randomUUID`, which browsers keep from pages without https. */
function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
