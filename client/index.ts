/**
 * A client for imagegate over plain fetch: for Node, Workers and browsers. The gateway sends no
 * CORS headers, so in a browser it serves pages of the gateway's own origin only.
 *
 * Its types are the gateway's own, see `types.ts`.
 */
import { type CallOptions, type CreateOptions, Tasks, type WaitOptions } from './tasks.ts'
import { type Options, Transport } from './transport.ts'
import type {
  Charge,
  Health,
  Key,
  KeyChanges,
  KeyRequest,
  Model,
  NewKey,
  Operations,
  Provider,
  Quote,
  RotatedKey,
  RotatedWebhookSecret,
  Rotation,
  Task,
  TaskRequest,
  Upload,
  UsageRow,
  WebhookTestResult,
} from './types.ts'

export { ImagegateError, TaskFailedError, WaitTimeoutError } from './errors.ts'
export type { CallOptions, CreateOptions, WaitOptions } from './tasks.ts'
export type { Options } from './transport.ts'
export type * from './types.ts'

type Picture = Operations['POST /v1/uploads']['body']

export class Imagegate {
  readonly tasks: Tasks
  readonly #transport: Transport

  constructor(options: Options) {
    this.#transport = new Transport(options)
    this.tasks = new Tasks(this.#transport)
  }

  /** Makes pictures and waits for them. @throws TaskFailedError, WaitTimeoutError, ImagegateError */
  createAndWait(
    request: TaskRequest,
    options: WaitOptions & Pick<CreateOptions, 'idempotencyKey'> = {},
  ): Promise<Task> {
    return this.tasks.createAndWait(request, options)
  }

  readonly quotes = {
    /** Who would make a task and for how much, in the order in which they would be tried. */
    create: async (request: TaskRequest, { signal }: CallOptions = {}): Promise<Quote[]> => {
      const input = { body: request, signal, isRepeatable: true }
      return (await this.#transport.call('POST /v1/quotes', input)).providers
    },
  }

  readonly uploads = {
    /** Puts a PNG, JPEG or WebP where providers can fetch it: `url` goes into `image_urls`. */
    create: (picture: Picture, { signal }: CallOptions = {}): Promise<Upload> =>
      this.#transport.call('POST /v1/uploads', { body: picture, signal, isRepeatable: true }),
  }

  readonly usage = {
    list: async (
      range: Operations['GET /v1/usage']['query'] = {},
      { signal }: CallOptions = {},
    ): Promise<UsageRow[]> =>
      (await this.#transport.call('GET /v1/usage', { query: range, signal })).data,
  }

  readonly webhooks = {
    test: (callbackUrl: string, { signal }: CallOptions = {}): Promise<WebhookTestResult> =>
      this.#transport.call('POST /v1/webhooks/test', {
        body: { callback_url: callbackUrl },
        signal,
      }),
  }

  readonly providers = {
    list: async ({ signal }: CallOptions = {}): Promise<Provider[]> =>
      (await this.#transport.call('GET /v1/providers', { signal })).data,
  }

  readonly models = {
    list: async ({ signal }: CallOptions = {}): Promise<Model[]> =>
      (await this.#transport.call('GET /v1/models', { signal })).data,
  }

  /** How the gateway itself is; needs no key. @throws ImagegateError with status 503 when it is not well */
  async health({ signal }: CallOptions = {}): Promise<Health> {
    return this.#transport.call('GET /healthz', { signal })
  }

  /** For the operator: `apiKey` has to be the admin token. */
  readonly attempts = {
    /** What the provider's own books say of an attempt whose charge nobody knew. */
    settleCharge: (id: string, charge: Charge, { signal }: CallOptions = {}): Promise<Task> =>
      this.#transport.call('POST /v1/attempts/{id}/charge', { path: { id }, body: charge, signal }),
  }

  /** For the operator: `apiKey` has to be the admin token. */
  readonly keys = {
    create: (request: KeyRequest, { signal }: CallOptions = {}): Promise<NewKey> =>
      this.#transport.call('POST /v1/keys', { body: request, signal }),
    list: async ({ signal }: CallOptions = {}): Promise<Key[]> =>
      (await this.#transport.call('GET /v1/keys', { signal })).data,
    rotate: (id: string, body: Rotation = {}, { signal }: CallOptions = {}): Promise<RotatedKey> =>
      this.#transport.call('POST /v1/keys/{id}/rotate', { path: { id }, body, signal }),
    rotateWebhookSecret: (
      id: string,
      body: Rotation = {},
      { signal }: CallOptions = {},
    ): Promise<RotatedWebhookSecret> =>
      this.#transport.call('POST /v1/keys/{id}/rotate_webhook_secret', {
        path: { id },
        body,
        signal,
      }),
    /** The name and the limits; `null` lifts a limit. */
    update: (id: string, changes: KeyChanges, { signal }: CallOptions = {}): Promise<Key> =>
      this.#transport.call('PATCH /v1/keys/{id}', { path: { id }, body: changes, signal }),
    delete: async (id: string, { signal }: CallOptions = {}): Promise<void> => {
      await this.#transport.call('DELETE /v1/keys/{id}', { path: { id }, signal })
    },
  }
}
