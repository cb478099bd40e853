/**
 * Requests over fetch, repeated where that is safe.
 *
 * Invariant: what could act twice is repeated only when the gateway said that it did not act (a
 * 429), so that no repeat makes a second key or a second picture.
 */
import { errorOf, ImagegateError } from './errors.ts'
import type { Operations } from './types.ts'

export interface Options {
  /** Where the gateway is, such as `https://imagegate.example.com`; in a page of its own, `location.origin`. */
  baseUrl: string
  /** A client key, or the admin token for `keys`. */
  apiKey: string
  fetch?: typeof fetch
  /** How often a request is sent at most; default 4. */
  triesMax?: number
}

export type Name = keyof Operations

export interface Input<N extends Name> {
  path?: Operations[N]['path']
  query?: Operations[N]['query']
  header?: Operations[N]['header']
  body?: Operations[N]['body']
  signal?: AbortSignal | undefined
  /** Whether a second one does no harm; default for `GET` only. */
  isRepeatable?: boolean
}

type Read<T> = (response: Response) => Promise<T>
type Result<T> = { value: T } | { error: ImagegateError }

const TRIES_MAX = 4
const FIRST_PAUSE_MS = 500
/** A gateway that wants to be left alone for longer has its caller decide. */
const RETRY_AFTER_SECONDS_MAX = 60

export class Transport {
  readonly #baseUrl: string
  readonly #apiKey: string
  readonly #fetch: typeof fetch
  readonly #triesMax: number

  /** @throws TypeError when `baseUrl` is no http address */
  constructor({ baseUrl, apiKey, fetch: ownFetch, triesMax = TRIES_MAX }: Options) {
    if (!/^https?:\/\/./.test(baseUrl)) throw new TypeError(badBaseUrl(baseUrl))
    this.#baseUrl = baseUrl.replace(/\/+$/, '')
    this.#apiKey = apiKey
    // Called without `this`, which browsers insist on.
    this.#fetch = ownFetch ?? ((input, init) => fetch(input, init))
    this.#triesMax = triesMax
  }

  /** The JSON of an answer; `undefined` for an empty one. @throws ImagegateError */
  call<N extends Name>(name: N, input: Input<N> = {}): Promise<Operations[N]['answer']> {
    return this.#repeat(name, input, async (response) =>
      response.status === 204 ? undefined : response.json(),
    )
  }

  /** The answer itself, once it is a 2xx. @throws ImagegateError */
  open<N extends Name>(name: N, input: Input<N> = {}): Promise<Response> {
    return this.#repeat(name, input, async (response) => response)
  }

  async #repeat<N extends Name, T>(name: N, input: Input<N>, read: Read<T>): Promise<T> {
    const isRepeatable = input.isRepeatable ?? name.startsWith('GET ')
    for (let tries = 1; ; tries++) {
      const result = await this.#try(name, input, read)
      if ('value' in result) return result.value
      const pauseMs = pauseAfter(result.error, isRepeatable, tries)
      if (pauseMs === null || tries >= this.#triesMax) throw result.error
      await pause(pauseMs, input.signal)
    }
  }

  async #try<N extends Name, T>(name: N, input: Input<N>, read: Read<T>): Promise<Result<T>> {
    let status = 0
    try {
      const response = await this.#send(name, input)
      if (!response.ok) return { error: await errorOf(response) }
      status = response.status
      return { value: await read(response) }
    } catch (cause) {
      // The caller's own wish to stop is no fault of the connection.
      input.signal?.throwIfAborted()
      const [code, message] =
        status === 0
          ? (['connection_failed', 'The gateway could not be reached.'] as const)
          : (['unreadable_answer', 'The answer broke off or is not JSON.'] as const)
      return { error: new ImagegateError(code, message, { status, cause }) }
    }
  }

  #send<N extends Name>(name: N, input: Input<N>): Promise<Response> {
    const [method = 'GET', path = ''] = name.split(' ')
    const { body, header = {}, signal } = input
    const headers = new Headers({ authorization: `Bearer ${this.#apiKey}` })
    for (const [field, value] of Object.entries(header)) headers.set(field, `${value}`)
    if (body !== undefined)
      headers.set('content-type', isFile(body) ? 'application/octet-stream' : 'application/json')
    return this.#fetch(this.#baseUrl + addressOf(path, input), {
      method,
      headers,
      signal: signal ?? null,
      ...(body === undefined ? {} : { body: isFile(body) ? body : JSON.stringify(body) }),
    })
  }
}

function badBaseUrl(baseUrl: string): string {
  const what = baseUrl ? `is "${baseUrl}", no http address` : 'is empty'
  return `baseUrl ${what}. It is where your gateway is, such as https://imagegate.example.com.`
}

/** How long to wait before the next try, or null when there should be none. */
function pauseAfter(error: ImagegateError, isRepeatable: boolean, tries: number): number | null {
  const { status, retryAfterSeconds } = error
  // Below 300: there was no answer, or it broke off.
  const isWorthIt = status === 429 || (isRepeatable && (status < 300 || status >= 500))
  if (!isWorthIt || (retryAfterSeconds ?? 0) > RETRY_AFTER_SECONDS_MAX) return null
  const ownMs = FIRST_PAUSE_MS * 2 ** (tries - 1) * (1 + Math.random())
  return retryAfterSeconds === null ? ownMs : Math.max(retryAfterSeconds * 1000, ownMs)
}

/** @throws the signal's reason when it is aborted meanwhile */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, milliseconds)
    if (signal?.aborted) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}

function addressOf(path: string, input: { path?: object; query?: object }): string {
  const values = new Map<string, unknown>(Object.entries(input.path ?? {}))
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(`${values.get(name)}`))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(input.query ?? {})) {
    if (value === undefined || value === null) continue
    if (typeof value !== 'object') search.set(name, String(value))
    else
      for (const [inner, item] of Object.entries(value)) search.set(`${name}[${inner}]`, `${item}`)
  }
  return search.size > 0 ? `${filled}?${search}` : filled
}

function isFile(body: unknown): body is Blob | ArrayBuffer | Uint8Array<ArrayBuffer> {
  return body instanceof Blob || body instanceof ArrayBuffer || body instanceof Uint8Array
}
