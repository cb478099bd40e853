/**
 * A client that wants one picture of `/openai/v1`, and repeats its request as the SDKs of OpenAI do.
 *
 * Invariant: what it repeats differs from the first try in one header, so one wish is one wish.
 */
import { createHash } from 'node:crypto'
import type { OpenAiErrorJson } from '../../../src/handlers/dialects/openai/errors'
import type { Order } from './client'
import { type Answer, PATIENCE_MS } from './door'
import type { Random } from './random'
import { ORIGIN } from './secrets'
import type { World } from './world'

const URL = `${ORIGIN}/openai/v1/images/generations`
const RETRIES_MAX = 2
const REPEATED_STATUSES = [408, 409, 429]
const PAUSE_FIRST_MS = 500
const PAUSE_MAX_MS = 8_000
/** Of a pause, how much chance may take off. */
const JITTER = 0.25
const RETRY_AFTER_MAX_SECONDS = 60

/** What one try brought: null where no answer came. */
export type Got = Pictures | Refusal | null

export interface Pictures {
  kind: 'pictures'
  taskId: string
  sha256: string[]
}

export interface Refusal {
  kind: 'refusal'
  status: number
  /** Null where no task was made, as far as it was told. */
  taskId: string | null
  text: string
}

export class SdkClient {
  readonly ids = new Set<string>()
  /** It can't cancel anything. */
  readonly canceled: ReadonlySet<string> = new Set()
  /** One for each try. */
  readonly got: Got[] = []
  /** Tries whose answer took longer than the client or the platform waits. */
  timeouts = 0
  isOver = false
  readonly #world: World
  readonly #key: string
  readonly #random: Random
  readonly #timeoutMs: number

  constructor(
    world: World,
    key: string,
    readonly order: Order,
    timeoutMs: number,
    random: Random,
  ) {
    this.#world = world
    this.#key = key
    this.#timeoutMs = timeoutMs
    this.#random = random
  }

  /** Requests that arrived without the mark of a repeat: nothing tells each from a wish of its own. */
  get wishes(): number {
    const doubled = this.#world.strikes.filter(
      ({ actor, fault }) => actor === this.#actor(0) && fault === 'doubled',
    )
    return 1 + doubled.length
  }

  async live(): Promise<void> {
    await this.#world.clock.sleep(this.order.startsAfterMs)
    for (let repeats = 0; ; repeats++) {
      const answer = await this.#send(repeats)
      const got = answer && read(answer)
      this.got.push(got)
      if (got?.taskId) this.ids.add(got.taskId)
      if (repeats === RETRIES_MAX || (answer && !isRepeated(answer))) break
      await this.#world.clock.sleep(this.#pauseMs(answer, repeats))
    }
    this.isOver = true
  }

  async #send(repeats: number): Promise<Answer | null> {
    const { outside, clock } = this.#world
    const patience = new AbortController()
    const startedAt = clock.now()
    const timer = clock.after(this.#timeoutMs, () => patience.abort())
    const answer = await outside.door
      .send(this.#actor(repeats), URL, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${this.#key}`,
          'content-type': 'application/json',
          'x-stainless-retry-count': String(repeats),
        },
        body: JSON.stringify(this.order.body),
        signal: patience.signal,
      })
      .catch(() => null)
    timer.isOff = true
    const waitedMs = clock.now() - startedAt
    if (!answer && waitedMs >= Math.min(this.#timeoutMs, PATIENCE_MS)) this.timeouts++
    return answer
  }

  #actor(repeats: number): string {
    return `sdk of ${this.order.marker}${repeats === 0 ? '' : ' again'}`
  }

  #pauseMs(answer: Answer | null, repeats: number): number {
    const seconds = Number(answer?.headers.get('retry-after') ?? Number.NaN)
    if (seconds >= 0 && seconds <= RETRY_AFTER_MAX_SECONDS) return seconds * 1000
    const pauseMs = Math.min(PAUSE_FIRST_MS * 2 ** repeats, PAUSE_MAX_MS)
    return pauseMs * (1 - JITTER * this.#random.fraction())
  }
}

function isRepeated({ status, headers }: Answer): boolean {
  const wish = headers.get('x-should-retry')
  if (wish !== null) return wish === 'true'
  return status >= 500 || REPEATED_STATUSES.includes(status)
}

function read({ status, text }: Answer): Got {
  if (status === 200) {
    const { task_id, data }: { task_id: string; data: Array<{ b64_json: string }> } =
      JSON.parse(text)
    const sha256 = data.map(({ b64_json }) =>
      createHash('sha256').update(Buffer.from(b64_json, 'base64')).digest('hex'),
    )
    return { kind: 'pictures', taskId: task_id, sha256 }
  }
  const { error }: OpenAiErrorJson = JSON.parse(text)
  return { kind: 'refusal', status, taskId: error.task_id ?? null, text }
}
